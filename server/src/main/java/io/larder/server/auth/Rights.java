package io.larder.server.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What a user may do. Immutable; any thread. */
public final class Rights {
    /** Of a server without users: everybody may do everything. */
    public static final Rights EVERYTHING =
            new Rights(List.of(new Grant(Right.ALL, Grant.EVERYWHERE, new byte[0])));

    /** Regions whose rights are kept; there are no more regions than that. */
    private static final int REGIONS_MAX = 1024;

    private final List<Grant> grants;
    private final int everywhere;
    private final ConcurrentMap<String, RegionRights> regions = new ConcurrentHashMap<>();

    Rights(List<Grant> grants) {
        this.grants = List.copyOf(grants);
        int bits = 0;
        for (Grant grant : grants) {
            if (grant.region().equals(Grant.EVERYWHERE) && grant.isWhole()) {
                bits |= grant.rights();
            }
        }
        everywhere = bits;
    }

    /** Whether these are the same, in the words of the users file. */
    public boolean isSame(Rights other) {
        if (this == other) {
            return true;
        }
        boolean isSame = grants.size() == other.grants.size();
        for (int i = 0; isSame && i < grants.size(); i++) {
            isSame = grants.get(i).isSame(other.grants.get(i));
        }
        return isSame;
    }

    /** Whether these rights are held on every key of every region. */
    public boolean hasEverywhere(int rights) {
        return (everywhere & rights) == rights;
    }

    /** Whether this right is held on every key of every region, or on the server. */
    public boolean hasEverywhere(Right right) {
        return hasEverywhere(right.bit());
    }

    /** What is held in a region of this name. */
    public RegionRights in(String region) {
        RegionRights known = regions.get(region);
        if (known != null) {
            return known;
        }
        RegionRights made = of(region);
        if (regions.size() < REGIONS_MAX) {
            regions.put(region, made);
        }
        return made;
    }

    private RegionRights of(String region) {
        int whole = 0;
        List<Grant> prefixed = new ArrayList<>();
        for (Grant grant : grants) {
            if (grant.isIn(region) && grant.isWhole()) {
                whole |= grant.rights();
            } else if (grant.isIn(region)) {
                prefixed.add(grant);
            }
        }
        return new RegionRights(whole, prefixed);
    }
}
