package io.larder.server.command;

import static io.larder.protocol.ExtensionType.CALLER_VERSION;
import static io.larder.protocol.ExtensionType.CLIENT_FLAGS;
import static io.larder.protocol.ExtensionType.DELTA;
import static io.larder.protocol.ExtensionType.FORMAT;
import static io.larder.protocol.ExtensionType.INITIAL;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.LarderStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every item operation, with every condition, answers on the real store as on the model. */
class RandomRequestsTest {
    private static final int REQUESTS = 20_000;
    private static final int KEYS = 12;
    private static final Opcode[] OPCODES = {
        Opcode.GET,
        Opcode.GET,
        Opcode.GET_AND_TOUCH,
        Opcode.SET,
        Opcode.SET,
        Opcode.DELETE,
        Opcode.TOUCH,
        Opcode.INCREMENT,
        Opcode.APPEND,
        Opcode.PREPEND
    };
    private static final int[] FLAGS = {
        QUIET, IF_VERSION, IF_NEWER, ONLY_ABSENT, ONLY_PRESENT, RETURN_META, RequestFlag.NO_TOUCH
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 20260101, 77_777})
    void randomRequests_onStoreAndModel_areAnsweredTheSame(long seed) {
        Random random = new Random(seed);
        try (LarderStore store = LarderStore.open(32 << 20)) {
            CommandFixture real = new CommandFixture(store.store(), CommandLimits.DEFAULT).greet();
            CommandFixture model = CommandFixture.open();
            long nowMillis = store.clock().nowMillis();
            for (int i = 0; i < REQUESTS; i++) {
                nowMillis += random.nextInt(3);
                real.nowMillis = nowMillis;
                model.nowMillis = nowMillis;
                long requestSeed = random.nextLong();
                List<ReplyFrame> actual = sendRandom(real, requestSeed);
                List<ReplyFrame> expected = sendRandom(model, requestSeed);
                String where = "seed " + seed + ", request " + i;
                assertThat(actual).describedAs(where).hasSameSizeAs(expected);
                for (int reply = 0; reply < actual.size(); reply++) {
                    assertSame(where, actual.get(reply), expected.get(reply));
                }
            }
        }
    }

    /** Versions differ from store to store; that they are given must not. */
    private static void assertSame(String where, ReplyFrame actual, ReplyFrame expected) {
        assertThat(actual.status()).describedAs(where).isEqualTo(expected.status());
        assertThat(actual.text()).describedAs(where).isEqualTo(expected.text());
        assertThat(withoutVersion(actual)).describedAs(where).isEqualTo(withoutVersion(expected));
    }

    private static Map<ExtensionType, Long> withoutVersion(ReplyFrame reply) {
        Map<ExtensionType, Long> extensions = new EnumMap<>(ExtensionType.class);
        extensions.putAll(reply.extensions());
        extensions.computeIfPresent(VERSION, (type, version) -> 0L);
        return extensions;
    }

    /** The same request for the same seed, but for the version, which is the fixture's own. */
    private static List<ReplyFrame> sendRandom(CommandFixture fixture, long seed) {
        Random random = new Random(seed);
        String key = "key" + random.nextInt(KEYS);
        Opcode opcode = OPCODES[random.nextInt(OPCODES.length)];
        int flags = 0;
        for (int flag : FLAGS) {
            flags |= random.nextInt(4) == 0 ? flag & opcode.allowedFlags() : 0;
        }
        RequestFrame request = RequestFrame.of(opcode, key).flags(flags);
        if ((flags & IF_VERSION) != 0) {
            request.with(VERSION, version(fixture, key, random.nextInt(4)));
        }
        if ((flags & IF_NEWER) != 0 || random.nextInt(4) == 0) {
            request.with(CALLER_VERSION, random.nextInt(-2, 5));
        }
        if (random.nextInt(3) == 0) {
            request.with(TTL, random.nextInt(60));
        }
        if (opcode == Opcode.INCREMENT) {
            request.with(DELTA, random.nextInt(8) == 0 ? Long.MAX_VALUE : random.nextInt(-9, 9));
            if (random.nextBoolean()) {
                request.with(INITIAL, random.nextInt(100));
            }
        }
        if (opcode == Opcode.SET || opcode == Opcode.APPEND || opcode == Opcode.PREPEND) {
            request.value(random.nextBoolean() ? "7" : "-".repeat(random.nextInt(90)));
        }
        if (opcode == Opcode.SET && random.nextInt(3) == 0) {
            request.with(CLIENT_FLAGS, random.nextInt(3)).with(FORMAT, random.nextInt(3));
        }
        return fixture.sendAll(request);
    }

    private static long version(CommandFixture fixture, String key, int choice) {
        if (choice == 0) {
            return 0;
        }
        ReplyFrame present = fixture.send(RequestFrame.get(key).flags(RETURN_META));
        return choice == 1 || present.status() != Status.OK ? 1 : present.number(VERSION);
    }
}
