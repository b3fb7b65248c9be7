package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.EXTENSION_BYTES_MAX;
import static io.larder.protocol.ProtocolLimits.LEASE_MILLIS_MAX;
import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.MORE;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;
import static io.larder.protocol.RequestFlag.TRACK;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * The border: what is wrong with a request that its opcode's handler need not know about is found
 * and answered here, in the order of the methods. Stateless; any event loop.
 */
final class RequestCheck {
    private final RegionTable regions;
    private final CommandLimits limits;
    private final Clock clock;
    private final ChecksumCheck checksums;
    private final AccessCheck access;
    private final LimitCheck shared;

    RequestCheck(CommandServices services, ChecksumCheck checksums, LimitCheck shared) {
        this.checksums = checksums;
        access = new AccessCheck(services.regions());
        this.shared = shared;
        regions = services.regions();
        limits = services.limits();
        clock = services.clock();
    }

    /**
     * Whether the request on the bench may be carried out, its key, if it needs one, wrapped in the
     * bench's mutation; if not, it has been answered.
     *
     * @param command what its opcode stands for; null if for nothing in use
     * @param limit where the bytes end that may hold further requests
     */
    boolean admits(Session session, Workbench bench, @Nullable Command command, int limit) {
        Request request = bench.request;
        if (!session.isOpen() && !mayComeFirst(command)) {
            bench.reply.error(Status.HELLO_REQUIRED, helloExpected(request.opcode));
            session.close();
            return false;
        }
        if (!access.isKnown(session, bench, command)) {
            return false;
        }
        if (command == null) {
            bench.reply.error(
                    Status.UNKNOWN_OPCODE, "opcode", opcodeText(request.opcode), "one in use");
            return false;
        }
        if (!shared.admits(session, bench, command)
                || !areFlagsKnown(bench, command)
                || !checksums.admits(session, bench, command.isKeyed())
                || !areExtensionsSound(bench)
                || isLate(session, bench)) {
            return false;
        }
        int space = command.opcode() == Opcode.HELLO ? 0 : regions.space(request.regionId);
        if (space == RegionTable.NONE) {
            bench.reply.error(
                    Status.UNKNOWN_REGION, "regionId", request.regionId, "one that was opened");
            return false;
        }
        if ((command.isKeyed() && !isKeyedSound(session, bench, command))
                || !access.admits(session, bench, command)) {
            return false;
        }
        if (command.isKeyed()) {
            bench.mutation = bench.ahead.take(request, space, limit);
            if (bench.resumed != null) {
                bench.resumed.noteOn(bench.mutation.key);
            }
        }
        return true;
    }

    private static boolean mayComeFirst(@Nullable Command command) {
        return command != null
                && (command.opcode() == Opcode.HELLO || command.opcode() == Opcode.PING);
    }

    /** The error of whoever does not begin with HELLO. */
    static ErrorBody helloExpected(int opcode) {
        return ErrorBody.of("opcode", opcodeText(opcode), "HELLO first, of at most 4096 bytes");
    }

    private static String opcodeText(int code) {
        Opcode opcode = Opcode.of(code);
        return opcode == null ? String.format("0x%02X", code) : opcode.name();
    }

    private static boolean areFlagsKnown(Workbench bench, Command command) {
        Request request = bench.request;
        if (request.flags == 0) {
            return true;
        }
        int refused = RequestFlag.refused(command.opcode(), request.flags);
        if (refused != 0) {
            int taken = command.opcode().allowedFlags() & RequestFlag.IMPLEMENTED;
            bench.reply.error(
                    Status.UNKNOWN_FLAG,
                    "flags",
                    RequestFlag.describe(refused),
                    RequestFlag.describe(taken));
        }
        return refused == 0;
    }

    private static boolean areExtensionsSound(Workbench bench) {
        Request request = bench.request;
        if (request.extensionBytes > EXTENSION_BYTES_MAX) {
            bench.reply.error(
                    Status.TOO_LARGE,
                    ErrorBody.of(
                                    "extensionLength",
                                    request.extensionBytes,
                                    "0.." + EXTENSION_BYTES_MAX)
                            .withLimit(EXTENSION_BYTES_MAX));
            return false;
        }
        Extensions.Step step = request.readExtensions();
        if (step != Extensions.Step.END) {
            boolean isUnknown = step == Extensions.Step.UNKNOWN_CRITICAL;
            bench.reply.error(
                    isUnknown ? Status.UNKNOWN_EXTENSION : Status.BAD_REQUEST,
                    "extension",
                    extensionText(request.faultyExtension()),
                    isUnknown ? "one in use" : expectedOf(request.faultyExtension()));
            return false;
        }
        return true;
    }

    private static String expectedOf(int code) {
        return code == ExtensionType.TAGS.code()
                ? "once, 0..8 tags of 1..64 bytes, each after its length"
                : "of its own length, inside its section, once";
    }

    private static String extensionText(int code) {
        ExtensionType type = ExtensionType.of(code);
        return type == null ? String.format("0x%02X", code) : type.name();
    }

    /** The arrival is when the batch was read, so only queueing behind this batch is seen. */
    private boolean isLate(Session session, Workbench bench) {
        Request request = bench.request;
        long deadlineMillis = FrameHeader.deadlineMillis(request.frame, request.offset);
        if (deadlineMillis == 0) {
            deadlineMillis = bench.outerDeadlineMillis;
        }
        if (deadlineMillis == 0) {
            return false;
        }
        long waitedMillis = clock.nowMillis() - session.arrivalMillis();
        if (waitedMillis <= deadlineMillis) {
            return false;
        }
        bench.reply.error(Status.DEADLINE, "waitedMillis", waitedMillis, "0.." + deadlineMillis);
        return true;
    }

    private boolean isKeyedSound(Session session, Workbench bench, Command command) {
        Request request = bench.request;
        int keyBytesMax = limits.keyBytesMax();
        if (request.keyBytes == 0 || request.keyBytes > keyBytesMax) {
            bench.reply.error(
                    Status.KEY_LENGTH,
                    ErrorBody.of("keyLength", request.keyBytes, "1.." + keyBytesMax)
                            .withLimit(keyBytesMax));
            return false;
        }
        if (request.valueBytes != 0 && !command.hasValue()) {
            bench.reply.error(Status.BAD_REQUEST, "valueLength", request.valueBytes, "0");
            return false;
        }
        String contradiction =
                request.extensionBytes + request.flags == 0
                        ? null
                        : contradiction(session, request);
        if (contradiction != null) {
            bench.reply.error(Status.BAD_REQUEST, ErrorBody.of(contradiction));
            return false;
        }
        return true;
    }

    /** The error of whoever asks for pushes without taking any. */
    static String pushExpected(String what) {
        return what + " (expected: feature push in HELLO)";
    }

    private static @Nullable String contradiction(Session session, Request request) {
        if (request.hasFlag(TRACK) && session.pushes() == null) {
            return pushExpected("flags: TRACK");
        }
        if (request.hasFlag(ONLY_ABSENT) && request.hasFlag(ONLY_PRESENT)) {
            return "flags: ONLY_ABSENT|ONLY_PRESENT (expected: one of them)";
        }
        if (request.hasFlag(IF_VERSION) && !request.has(ExtensionType.VERSION)) {
            return "flags: IF_VERSION (expected: with extension VERSION)";
        }
        if (request.hasFlag(IF_NEWER) && !request.has(ExtensionType.CALLER_VERSION)) {
            return "flags: IF_NEWER (expected: with extension CALLER_VERSION)";
        }
        if (request.has(ExtensionType.TTL) && request.has(ExtensionType.EXPIRE_AT)) {
            return "extensions: TTL and EXPIRE_AT (expected: one of them)";
        }
        if (request.hasFlag(NEGATIVE) && (request.valueBytes != 0 || request.hasFlag(MORE))) {
            return "flags: NEGATIVE (expected: without a value)";
        }
        return leaseProblem(request);
    }

    private static @Nullable String leaseProblem(Request request) {
        int leaseMillis = request.leaseMillis;
        if (request.has(ExtensionType.LEASE_MILLIS)
                && (leaseMillis < 1 || leaseMillis > LEASE_MILLIS_MAX)) {
            return "leaseMillis: "
                    + Integer.toUnsignedString(leaseMillis)
                    + " (expected: 1.."
                    + LEASE_MILLIS_MAX
                    + ")";
        }
        if (request.has(ExtensionType.LEASE_TOKEN) && request.leaseToken == Mutation.NO_FILL) {
            return "leaseToken: 0 (expected: what LEASE said)";
        }
        return null;
    }
}
