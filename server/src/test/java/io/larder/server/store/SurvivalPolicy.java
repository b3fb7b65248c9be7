package io.larder.server.store;

/**
 * A policy that a test decides by: all that is written goes to SMALL and leaves it first; what
 * survives goes to MAIN. Compacts and fills holes when told to.
 */
final class SurvivalPolicy implements ShardPolicy {
    Survival survival = (freq, itemBytes) -> false;
    boolean compacting;
    boolean fillingHoles;

    @Override
    public int admit(long hash, int itemBytes) {
        return SMALL;
    }

    @Override
    public int source(long smallBytes, long mainBytes) {
        return smallBytes > 0 ? SMALL : MAIN;
    }

    @Override
    public boolean duels(int queue) {
        return false;
    }

    @Override
    public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
        return survival.survives(freq, itemBytes) ? KEEP : EVICT;
    }

    @Override
    public boolean compacts(long liveBytes, long segmentBytes, long deadBytes, long copyCredit) {
        return compacting;
    }

    @Override
    public boolean fillsHoles() {
        return fillingHoles;
    }

    @Override
    public int freqAfter(int queue, int freq) {
        return 0;
    }
}
