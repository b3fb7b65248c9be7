package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.StoredValue;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times by a clock of the test's; the event loop is there for a sweep that does not come. */
class HeldKeysTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final Region OTHER = new Region("other", 1);

    private final EventLoop eventLoop = new DefaultEventLoop();
    private long nowNanos = -5;
    private final HeldKeys keys = new HeldKeys(100, eventLoop, () -> nowNanos);

    @AfterEach
    void end() {
        eventLoop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private HeldKey hot(long keepMillis) {
        keys.told(Region.DEFAULT, KEY, keepMillis);
        return requireNonNull(keys.find(Region.DEFAULT, KEY));
    }

    private static Reply reply(Status status, String value, long version, long expiresInMillis) {
        ByteBuf frame = Unpooled.buffer();
        frame.writerIndex(ProtocolLimits.HEADER_BYTES);
        Extensions.writeLong(frame, ExtensionType.VERSION, version);
        if (expiresInMillis >= 0) {
            Extensions.writeLong(frame, ExtensionType.EXPIRES_IN, expiresInMillis);
        }
        int extensionBytes = frame.writerIndex() - ProtocolLimits.HEADER_BYTES;
        FrameHeader.putResponse(frame, 0, Opcode.GET.code(), status, 1);
        FrameHeader.putLengths(frame, 0, extensionBytes, 0, value.length());
        frame.writeCharSequence(value, UTF_8);
        return new Reply().wrap(frame, 0);
    }

    private ReplyReader<?> ask(HeldKey key) {
        return key.keeping(ReplyReaders.VALUE, nowNanos);
    }

    private void answer(ReplyReader<?> reader, String value, long version) {
        reader.read(reply(Status.OK, value, version, -1));
    }

    private @Nullable String served(HeldKey key) {
        StoredValue value = key.find(nowNanos);
        return value == null ? null : new String(value.bytes(), UTF_8);
    }

    @Test
    void value_isServedForAsLongAsTold_fromWhenItWasAskedFor() {
        HeldKey key = hot(10);
        ReplyReader<?> reader = ask(key);
        pass(4);
        answer(reader, "v", 1);

        assertThat(served(key)).isEqualTo("v");
        pass(5);
        assertThat(served(key)).as("to be renewed by one").isNull();
        assertThat(served(key)).as("served to the others").isEqualTo("v");
        pass(1);
        assertThat(served(key)).isNull();
    }

    @Test
    void value_isNotServedForLongerThanTheClientWishes() {
        HeldKey key = hot(1_000);
        answer(ask(key), "v", 1);
        pass(99);
        assertThat(served(key)).as("to be renewed by one").isNull();
        assertThat(served(key)).isEqualTo("v");
        pass(1);
        assertThat(served(key)).isNull();
    }

    @Test
    void value_isNotServedBeyondItsExpiry() {
        HeldKey key = hot(10);
        ask(key).read(reply(Status.OK, "v", 1, 3));

        pass(1);
        assertThat(served(key)).isEqualTo("v");
        pass(2);
        assertThat(served(key)).isNull();
    }

    @Test
    void value_isServedToAllAgain_whenOneHasRenewedIt() {
        HeldKey key = hot(10);
        answer(ask(key), "v", 1);
        pass(6);
        assertThat(served(key)).isNull();
        ReplyReader<?> renewal = ask(key);
        pass(1);
        answer(renewal, "w", 2);

        for (int i = 0; i < 10; i++) {
            assertThat(served(key)).isEqualTo("w");
        }
    }

    @Test
    void changeWhileAskedFor_keepsTheAnswerOut() {
        HeldKey key = hot(10);
        ReplyReader<?> before = ask(key);
        keys.forget(Region.DEFAULT, KEY);
        answer(before, "old", 1);
        assertThat(served(key)).isNull();

        answer(ask(key), "new", 2);
        assertThat(served(key)).isEqualTo("new");
        keys.forgetAll(OTHER);
        assertThat(served(key)).isEqualTo("new");
        keys.forgetAll(Region.DEFAULT);
        assertThat(served(key)).isNull();
    }

    @Test
    void answersInAnyOrder_leaveTheLatestVersion() {
        HeldKey key = hot(10);
        ReplyReader<?> first = ask(key);
        ReplyReader<?> second = ask(key);
        answer(second, "late", 9);
        answer(first, "early", 8);

        assertThat(served(key)).isEqualTo("late");
    }

    @Test
    void whatIsNoPlainValue_isNotHeld() {
        HeldKey key = hot(10);
        ask(key).read(reply(Status.MISS, "", 1, -1));
        assertThat(served(key)).isNull();
        key.keeping(ReplyReaders.LEASE, nowNanos).read(reply(Status.REFRESH_YOURS, "stale", 1, -1));
        assertThat(served(key)).isNull();
    }

    @Test
    void key_isHotForASecond_unlessToldAgain() {
        hot(10);
        pass(999);
        assertThat(keys.find(Region.DEFAULT, KEY)).isNotNull();
        keys.told(Region.DEFAULT, KEY, 10);
        pass(999);
        assertThat(keys.find(Region.DEFAULT, KEY)).isNotNull();
        pass(1);
        assertThat(keys.find(Region.DEFAULT, KEY)).isNull();
    }

    @Test
    void droppedKey_keepsNothing_notEvenWhatIsUnderWay() {
        HeldKey key = hot(10);
        ReplyReader<?> underWay = ask(key);
        answer(ask(key), "v", 1);
        assertThat(keys.bytes()).isPositive();

        keys.dropAll();
        answer(underWay, "w", 2);

        assertThat(served(key)).isNull();
        assertThat(keys.find(Region.DEFAULT, KEY)).isNull();
        assertThat(keys.bytes()).isZero();
    }

    @Test
    void keys_areBoundedInNumber_andColdOnesMakeRoom() {
        for (int i = 0; i < HeldKeys.KEYS_MAX + 1; i++) {
            keys.told(Region.DEFAULT, ("key" + i).getBytes(UTF_8), 10);
        }
        assertThat(keys.count()).isEqualTo(HeldKeys.KEYS_MAX);
        byte[] last = ("key" + HeldKeys.KEYS_MAX).getBytes(UTF_8);
        assertThat(keys.find(Region.DEFAULT, last)).isNull();

        pass(1_000);
        keys.told(Region.DEFAULT, last, 10);
        assertThat(keys.count()).isEqualTo(1);
        assertThat(keys.find(Region.DEFAULT, last)).isNotNull();
    }

    @Test
    void copies_areBoundedInBytes_andReplacedOnesCountOnce() {
        String large = "x".repeat((int) (HeldKeys.BYTES_MAX / 2) + 1);
        HeldKey first = hot(10);
        answer(ask(first), large, 1);
        answer(ask(first), large, 2);
        assertThat(served(first)).isEqualTo(large);

        keys.told(OTHER, KEY, 10);
        HeldKey second = requireNonNull(keys.find(OTHER, KEY));
        answer(ask(second), large, 1);
        assertThat(served(second)).as("no room").isNull();
        answer(ask(second), "small", 1);
        assertThat(served(second)).isEqualTo("small");
        assertThat(keys.bytes()).isLessThan(HeldKeys.BYTES_MAX);
    }
}
