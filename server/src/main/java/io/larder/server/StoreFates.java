package io.larder.server;

import io.larder.server.admin.KeyFates;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Fate;
import io.larder.server.store.Fate.Kind;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import java.util.List;

/**
 * Says what became of keys of the default region, whose clears left former spaces behind, and parts
 * of which may be elsewhere than in memory. For any thread; allocates.
 *
 * @param front the store as clients see it
 * @param isMemoryAll whether memory is all there is: no engine has the region, no disk its overflow
 */
record StoreFates(
        LarderStore store, Store front, Clock clock, RegionTable regions, boolean isMemoryAll)
        implements KeyFates {
    private static final Fate LIVE = without(Kind.LIVE);
    private static final Fate NOT_RECORDED = without(Kind.NOT_RECORDED);

    @Override
    public Fate of(byte[] key) {
        int id = RegionTable.DEFAULT_ID;
        Fate fate = ofSpace(regions.space(id), key);
        boolean isCertain = fate.kind() == Kind.NEVER_SET;
        if (!isCertain && fate.kind() != Kind.NOT_RECORDED) {
            return fate.kind() == Kind.EVICTED && !isMemoryAll && isThere(key) ? LIVE : fate;
        }
        if (!isMemoryAll && isThere(key)) {
            return LIVE;
        }
        List<Integer> former = regions.formerSpaces(id);
        for (int space : former) {
            Fate before = ofSpace(space, key);
            if (before.kind() != Kind.NEVER_SET && before.kind() != Kind.NOT_RECORDED) {
                return before;
            }
            isCertain &= before.kind() == Kind.NEVER_SET;
        }
        isCertain &= isMemoryAll && former.size() < RegionTable.FORMER_SPACES_MAX;
        return isCertain ? fate : NOT_RECORDED;
    }

    private static Fate without(Kind kind) {
        return new Fate(kind, Fate.UNKNOWN, Mutation.NOBODY, Fate.Reason.NONE, 0);
    }

    private Fate ofSpace(int space, byte[] key) {
        return store.fate(wrap(space, key));
    }

    private Key wrap(int space, byte[] key) {
        return new Key().wrap(front.hasher(), space, key);
    }

    private boolean isThere(byte[] key) {
        Key present = wrap(regions.space(RegionTable.DEFAULT_ID), key);
        return front.get(present, clock.nowMillis(), item -> {}) == ReadStatus.HIT;
    }
}
