package io.larder.server.command;

import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Identity;
import io.larder.server.auth.RegionRights;
import io.larder.server.auth.Right;
import io.larder.server.auth.ScramExchange;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a session, and what he may do by now. Belongs to the session's event
 * loop.
 *
 * <p>A check costs an array read and a mask where the user has the right on a whole region. The
 * users file's reading is looked at once a read batch.
 */
final class SessionAccess {
    private static final int REGIONS_FIRST = 4;

    private final AccessControl control;
    private final RegionTable regions;
    private @Nullable Identity identity; // null: nobody yet, or nobody any more
    private @Nullable RegionRights[] byRegion = new @Nullable RegionRights[REGIONS_FIRST];
    private @Nullable ScramExchange exchange; // under way
    private int failures;
    private String certificate = "";

    SessionAccess(AccessControl control, RegionTable regions) {
        this.control = control;
        this.regions = regions;
        this.identity = control.stranger();
    }

    AccessControl control() {
        return control;
    }

    @Nullable Identity identity() {
        return identity;
    }

    /** Whether the rights are others than before. */
    boolean become(@Nullable Identity newIdentity) {
        boolean isOther = !Identity.haveSameRights(identity, newIdentity);
        identity = newIdentity;
        Arrays.fill(byRegion, null);
        return isOther;
    }

    /** Takes notice of another reading of the users file; whether the rights are others by it. */
    boolean refresh() {
        Identity present = identity;
        return present != null
                && present.reading() != control.reading()
                && control.isRequired()
                && become(control.refreshed(present));
    }

    /** What the user may do in a region, which there is; null if he is nobody. */
    @Nullable RegionRights in(int regionId) {
        if (regionId < byRegion.length) {
            RegionRights known = byRegion[regionId];
            if (known != null) {
                return known;
            }
        }
        return find(regionId);
    }

    /** Whether the user may be told that a key has changed, or, if it is null, the region. */
    boolean mayKnow(int regionId, byte @Nullable [] key) {
        RegionRights rights = in(regionId);
        if (rights == null) {
            return false;
        }
        return key == null ? rights.hasAny() : rights.has(Right.READ.bit(), Slice.of(key));
    }

    private @Nullable RegionRights find(int regionId) {
        Identity present = identity;
        if (present == null) {
            return null;
        }
        RegionRights found = present.rights().in(regions.name(regionId));
        if (regionId >= byRegion.length) {
            byRegion = Arrays.copyOf(byRegion, Math.max(regionId + 1, 2 * byRegion.length));
        }
        byRegion[regionId] = found;
        return found;
    }

    /** The common name of the certificate that TLS has verified; empty for none. */
    String certificate() {
        return certificate;
    }

    void certificate(String commonName) {
        certificate = commonName;
    }

    @Nullable ScramExchange exchange() {
        return exchange;
    }

    void exchange(@Nullable ScramExchange newExchange) {
        exchange = newExchange;
    }

    /** One more try has failed; returns how many have. */
    int failed() {
        return ++failures;
    }
}
