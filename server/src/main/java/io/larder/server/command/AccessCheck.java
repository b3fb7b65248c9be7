package io.larder.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.auth.Identity;
import io.larder.server.auth.Need;
import io.larder.server.auth.RegionRights;
import io.larder.server.region.RegionTable;
import org.jspecify.annotations.Nullable;

/** Whether a session's user may have a request carried out. Stateless; any event loop. */
final class AccessCheck {
    private final RegionTable regions;

    AccessCheck(RegionTable regions) {
        this.regions = regions;
    }

    /** Whether the session has a user, if the command needs one; if not, it has been answered. */
    boolean isKnown(Session session, Workbench bench, @Nullable Command command) {
        boolean isFree = command != null && command.need() == Need.NOBODY;
        if (isFree || session.access.identity() != null) {
            return true;
        }
        bench.reply.error(Status.AUTH_REQUIRED, authExpected());
        return false;
    }

    /** The error of whoever has not shown who he is. */
    static ErrorBody authExpected() {
        return ErrorBody.of("user", "unknown", "AUTH before, of at most 4096 bytes");
    }

    /** Whether the user has the right; if not, it has been answered. The key's length is sound. */
    boolean admits(Session session, Workbench bench, Command command) {
        if (isAllowed(session.access, bench.request, command.need())) {
            return true;
        }
        Request request = bench.request;
        String what = command.opcode() + " in " + place(request, command.need());
        session.access.control().forbidden(session.access.identity(), session.origin(), what);
        bench.reply.error(Status.FORBIDDEN, "right", "not held", "one to " + what);
        return false;
    }

    private String place(Request request, Need need) {
        return switch (need) {
            case STATS, OBSERVE, OPERATE -> "the server";
            case ANY_IN_NAMED -> "the region it names";
            default -> String.valueOf(regions.name(request.regionId));
        };
    }

    private boolean isAllowed(SessionAccess access, Request request, Need need) {
        return switch (need) {
            case NOBODY, ANYBODY, EACH -> true;
            case READ -> has(access, request, readBits(request));
            case WRITE -> has(access, request, need.bits());
            case READ_AND_WRITE -> has(access, request, need.bits());
            case LIST -> has(access, request, need.bits());
            case EXPORT -> hasWhole(access, request, need.bits());
            case CLEAR ->
                    request.has(ExtensionType.TAGS)
                            ? hasWhole(access, request, need.bits())
                            : has(access, request, need.bits());
            case ANY_IN_NAMED -> hasAnyInNamed(access, request);
            case STATS, OBSERVE, OPERATE -> {
                Identity identity = access.identity();
                yield identity != null && identity.rights().hasEverywhere(need.bits());
            }
        };
    }

    /** Whoever gets a lease keeps others from loading: he has to be one who may store. */
    private static int readBits(Request request) {
        return request.hasFlag(RequestFlag.LEASE_ON_MISS | RequestFlag.SOFT_REFRESH)
                ? Need.READ_AND_WRITE.bits()
                : Need.READ.bits();
    }

    private static boolean has(SessionAccess access, Request request, int bits) {
        RegionRights rights = access.in(request.regionId);
        return rights != null
                && rights.has(bits, request.frame, request.keyOffset, request.keyBytes);
    }

    private static boolean hasWhole(SessionAccess access, Request request, int bits) {
        RegionRights rights = access.in(request.regionId);
        return rights != null && rights.hasWhole(bits);
    }

    /** What is no name is the command's own to refuse. */
    private static boolean hasAnyInNamed(SessionAccess access, Request request) {
        Identity identity = access.identity();
        if (identity == null || request.keyBytes > RegionTable.NAME_BYTES_MAX) {
            return identity != null;
        }
        String name = request.frame.toString(request.keyOffset, request.keyBytes, ISO_8859_1);
        return !RegionTable.isName(name) || identity.rights().in(name).hasAny();
    }
}
