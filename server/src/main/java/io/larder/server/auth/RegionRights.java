package io.larder.server.auth;

import io.larder.server.memory.Slice;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** What a user may do in one region. Immutable; any thread. */
public final class RegionRights {
    /** Nothing at all. */
    static final RegionRights NONE = new RegionRights(0, List.of());

    private final int whole;
    private final Grant[] prefixed;

    RegionRights(int whole, List<Grant> prefixed) {
        this.whole = whole;
        this.prefixed = prefixed.toArray(Grant[]::new);
    }

    /** Whether all of these rights are held on every key. */
    public boolean hasWhole(int rights) {
        return (whole & rights) == rights;
    }

    /** Whether any right is held on any key. */
    public boolean hasAny() {
        return whole != 0 || prefixed.length > 0;
    }

    /** Whether all of these rights are held on a key, or on every key that begins so. */
    public boolean has(int rights, ByteBuf frame, int offset, int length) {
        return hasWhole(rights) || hasPrefixed(rights, frame, offset, length);
    }

    /** The same of a key, or a prefix, wherever it lies. */
    public boolean has(int rights, Slice key) {
        if (hasWhole(rights)) {
            return true;
        }
        int held = whole;
        for (Grant grant : prefixed) {
            if (key.startsWith(grant.prefix())) {
                held |= grant.rights();
            }
        }
        return (held & rights) == rights;
    }

    private boolean hasPrefixed(int rights, ByteBuf frame, int offset, int length) {
        int held = whole;
        for (Grant grant : prefixed) {
            if (begins(frame, offset, length, grant.prefix())) {
                held |= grant.rights();
            }
        }
        return (held & rights) == rights;
    }

    private static boolean begins(ByteBuf frame, int offset, int length, byte[] prefix) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (frame.getByte(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
