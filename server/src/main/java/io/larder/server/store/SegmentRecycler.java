package io.larder.server.store;

import java.util.function.IntConsumer;

/**
 * Turns a shard's sealed segments back into free ones: compacts the most dead one where that gains
 * enough, else evicts from the oldest one that the policy names. A few items per hold of the lock.
 * For one thread at a time; the shard's maintenance sees to that.
 */
class SegmentRecycler {
    /*
     *   begin            take a sealed segment with nothing pending out of its queue
     *   step, repeated   lock
     *                      settle the survivors copied since the last step: find the slot again;
     *                        if it still points at the source, copy word 0 anew (a touch may have
     *                        come in between), swing the slot, mark the source DEAD; else abandon
     *                        the copy
     *                      walk on over at most BATCH items; each linked one is unlinked and
     *                        marked DEAD, or gets a reservation among the survivors; a large one
     *                        that was dropped ends the walk, as its chain may be room enough
     *                      if the walk is over and all is settled, nothing points into the segment
     *                        any more: raise its generation
     *                    unlock
     *                    give the segment to the pool, or copy the bodies of those reserved:
     *                      immutable but for word 0
     *
     * The source cannot be recycled under the copy, since only this object recycles in this shard,
     * nor written over, since a segment that was taken has no holes. The target cannot, since its
     * segment's pending count is raised from reservation to publication. A reader follows the slot
     * to either place: both hold the same item, and the source's bytes stay until after the
     * generation is raised, which the reader checks. Were the source not marked DEAD, a rebuild
     * after a crash would find the item twice and could bring it back after a deletion.
     *
     * There are two hands. One works through the segment that is to become free. Where the policy
     * has items on probation duel with MAIN's oldest, the other walks over MAIN's oldest segment,
     * one victim at a time, from duel to duel.
     */
    static final int BATCH = 32;

    /** Segments that change their queue in one hold of the lock. */
    private static final int ADOPTIONS_MAX = 64;

    private static final int NONE = SegmentTable.NONE;

    final Shard shard;
    private final SegmentLog log;
    private final ShardPolicy policy;
    private final Survivors survivors;
    private final SegmentHand hand;
    private final SegmentHand victims;
    private boolean compacting;
    private boolean noRoomForCopy;

    /** Segments put back since one became free. */
    private int putBacks;

    SegmentRecycler(Shard shard, ShardPolicy policy, Survivors survivors) {
        this.shard = shard;
        this.log = shard.log;
        this.policy = policy;
        this.survivors = survivors;
        this.hand = new SegmentHand(shard);
        this.victims = new SegmentHand(shard);
    }

    /**
     * Starts on a segment unless one is under way; false if the shard has none to give, or had to
     * put all of them back.
     *
     * <p>Locking: the shard's lock.
     */
    final boolean begin() {
        if (!hand.isActive()) {
            shard.lock.lock();
            try {
                take();
            } finally {
                shard.lock.unlock();
            }
        }
        return hand.isActive();
    }

    private void take() {
        if (putBacks > log.sealedCount()) {
            putBacks = 0;
            return;
        }
        compacting = !noRoomForCopy && compactionPays();
        noRoomForCopy = false;
        if (compacting) {
            hand.take(log.takeMostDead());
            return;
        }
        int queue = source();
        for (int adopted = 0; adopted < ADOPTIONS_MAX && policy.adopts(queue); adopted++) {
            if (!log.adoptOldest()) {
                break;
            }
            queue = source();
        }
        if (!takeOldest(queue) && !takeOldest(1 - queue)) {
            log.sealOpen();
            if (!takeOldest(queue)) {
                takeOldest(1 - queue);
            }
        }
    }

    private int source() {
        return policy.source(log.liveBytes(Stream.SMALL), log.liveBytes(Stream.MAIN));
    }

    private boolean compactionPays() {
        int segment = log.ranking.mostDead();
        return segment != NONE
                && policy.compacts(
                        shard.segments.liveBytes(segment),
                        shard.segments.segmentBytes(),
                        log.ranking.deadBytes(),
                        shard.account.copyCredit());
    }

    private boolean takeOldest(int queue) {
        if (queue == Stream.MAIN && victims.isActive()) {
            hand.take(victims.segment());
            victims.release();
        } else {
            hand.take(log.takeOldest(queue));
        }
        return hand.isActive();
    }

    /**
     * Does the next few items; true once a segment is free again.
     *
     * <p>Locking: the shard's lock; the survivors' bodies are copied outside of it.
     */
    final boolean step(Liveness liveness, long nowMillis) {
        int freed = NONE;
        shard.lock.lock();
        try {
            shard.account.expiry.advance(nowMillis);
            survivors.settle();
            walkOrUndo(liveness, nowMillis);
            if (survivors.isEmpty()) {
                freed = retireIfDone(victims);
                if (freed == NONE) {
                    freed = retireIfDone(hand);
                }
                putBackIfBlocked();
            }
            putBacks = freed == NONE ? putBacks : 0;
        } finally {
            shard.events.unlockAndTell();
        }
        if (freed != NONE) {
            shard.segments.give(freed);
            return true;
        }
        survivors.copy();
        return false;
    }

    private int retireIfDone(SegmentHand done) {
        if (!done.isActive() || !done.isAtEnd()) {
            return NONE;
        }
        int segment = done.segment();
        shard.account.recycled(shard.segments.deadBytes(segment));
        log.retire(segment);
        shard.overflow.segmentEvicted();
        done.release();
        return segment;
    }

    private void putBackIfBlocked() {
        if (noRoomForCopy) {
            putBack(hand);
            putBack(victims);
        }
    }

    private void putBack(SegmentHand blocked) {
        if (blocked.isActive()) {
            log.putBack(blocked.segment(), compacting);
            blocked.release();
            putBacks++;
        }
    }

    /**
     * Walks on. If anything is thrown, what was reserved is given up and the walk begins anew next
     * time.
     */
    private void walkOrUndo(Liveness liveness, long nowMillis) {
        try {
            walk(liveness, nowMillis);
        } catch (Throwable e) {
            survivors.abandon();
            hand.rewind();
            victims.rewind();
            throw e;
        }
    }

    private void walk(Liveness liveness, long nowMillis) {
        int chained = shard.account.chainSegments();
        for (int items = 0;
                items < BATCH
                        && hand.isActive()
                        && !hand.isAtEnd()
                        && !survivors.isFull()
                        && shard.account.chainSegments() == chained;
                items++) {
            if (hand.look()) {
                if (!visit(liveness, nowMillis)) {
                    return;
                }
                hand.pass();
            }
        }
    }

    /** Drops or keeps the item in hand; false if it has to wait for the next step. */
    private boolean visit(Liveness liveness, long nowMillis) {
        if (dropIfGone(hand, liveness, nowMillis)) {
            return true;
        }
        int stream = shard.segments.stream(hand.segment());
        int queue = Stream.queue(stream);
        int space = shard.spaceAt(hand.position);
        if (compacting) {
            int target = Stream.moved(stream, queue, Stream.COMPACTED);
            noRoomForCopy = !survivors.reserve(hand, target, Survivors.SAME_FREQ);
            return !noRoomForCopy;
        }
        if (shard.spaces.isPinned(space)) {
            noRoomForCopy = !reserve(hand, queue);
            return !noRoomForCopy;
        }
        if (shard.spaces.isExpendable(space)) {
            evict(hand, nowMillis);
            return true;
        }
        long victimHash = hand.hash;
        if (policy.duels(queue)) {
            if (findVictim(liveness, nowMillis)) {
                victimHash = victims.hash;
            } else if (victims.isActive()) {
                return false;
            }
        }
        int verdict =
                policy.judge(
                        queue,
                        hand.hash,
                        hand.freq(),
                        shard.large.chargedBytes(hand.position, hand.word1, hand.bytes),
                        victimHash);
        if (verdict == ShardPolicy.KEEP_FOR_VICTIM && victims.isActive()) {
            evict(victims, nowMillis);
            victims.pass();
        }
        if (verdict == ShardPolicy.EVICT) {
            evict(hand, nowMillis);
        } else {
            keep(hand, queue, nowMillis);
        }
        return true;
    }

    /**
     * Looks for MAIN's oldest item that was not read since; those that were stay. False if none is
     * found in this step, and none at all if the hand is not active either.
     */
    private boolean findVictim(Liveness liveness, long nowMillis) {
        if (!victims.isActive()) {
            victims.take(log.takeOldest(Stream.MAIN));
        }
        for (int items = 0;
                items < BATCH && victims.isActive() && !victims.isAtEnd() && !survivors.isFull();
                items++) {
            if (victims.look()) {
                if (!dropIfGone(victims, liveness, nowMillis)) {
                    if (shard.spaces.isPinned(shard.spaceAt(victims.position))) {
                        if (!reserve(victims, Stream.MAIN)) {
                            noRoomForCopy = true;
                            return false;
                        }
                    } else if (victims.freq() == 0) {
                        return true;
                    } else {
                        keep(victims, Stream.MAIN, nowMillis);
                    }
                }
                victims.pass();
            }
        }
        return false;
    }

    /** Drops what is expired, cleared, or a tombstone; says whether it did. */
    private boolean dropIfGone(SegmentHand item, Liveness liveness, long nowMillis) {
        RemovalCause cause = RemovalCause.CLEARED;
        if (ItemLayout.expiryMillis(item.word0) <= nowMillis) {
            cause = RemovalCause.EXPIRED;
            if (!item.isTombstone()) {
                shard.account.expirations++;
            }
        } else if (shard.isLive(item.position, liveness)) {
            if (!item.isTombstone()) {
                return false;
            }
            shard.noteEvicted(item.position);
        }
        shard.noteRemoved(cause, item.position, item.hash);
        shard.unlink(item.hash, item.slotAt);
        return true;
    }

    private void keep(SegmentHand item, int queue, long nowMillis) {
        if (!reserve(item, queue)) {
            evict(item, nowMillis);
        }
    }

    private boolean reserve(SegmentHand item, int queue) {
        int stream = shard.segments.stream(item.segment());
        int target = Stream.moved(stream, Stream.MAIN, Stream.KEPT);
        return survivors.reserve(item, target, policy.freqAfter(queue, item.freq()));
    }

    private void evict(SegmentHand item, long nowMillis) {
        shard.offer(item, nowMillis);
        shard.noteRemoved(RemovalCause.EVICTED, item.position, item.hash);
        shard.noteEvicted(item.position);
        shard.unlink(item.hash, item.slotAt);
    }

    /** The segments under way, for assertions and tests. */
    final void forEachSegment(IntConsumer consumer) {
        if (hand.isActive()) {
            consumer.accept(hand.segment());
        }
        if (victims.isActive()) {
            consumer.accept(victims.segment());
        }
    }
}
