package io.larder.server.evict;

import io.larder.server.accesslog.AccessLog;
import io.larder.server.policy.Admission;
import io.larder.server.policy.S3FifoPolicy;
import io.larder.server.store.ShardPolicy;

/**
 * A shard's policy: what stays is S3-FIFO's decision, or TinyLFU's; and compaction goes before
 * eviction where it gains enough. Under the shard's lock.
 */
final class SegmentPolicy implements ShardPolicy {
    /** Compaction that copies less than this for a byte gained is always worth it. */
    private static final int COPIED_PER_BYTE_GAINED = 2;

    /** With less dead than this many segments, copying moves free bytes about and frees few. */
    private static final int DEAD_SEGMENTS_MIN = 2;

    private final Admission admission;
    private final S3FifoPolicy policy;

    SegmentPolicy(Admission admission, int shard) {
        this.admission = admission;
        this.policy = admission.shard(shard);
    }

    @Override
    public int admit(long hash, int itemBytes) {
        admission.access(logged(hash), itemBytes);
        return policy.admit(logged(hash), itemBytes);
    }

    @Override
    public int source(long smallBytes, long mainBytes) {
        return policy.source(smallBytes, mainBytes);
    }

    @Override
    public boolean adopts(int queue) {
        return policy.adopts(queue);
    }

    @Override
    public boolean duels(int queue) {
        return policy.duels(queue);
    }

    @Override
    public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
        return policy.judge(queue, logged(hash), freq, itemBytes, logged(victimHash));
    }

    /** The hash as the access log has it. */
    private static long logged(long hash) {
        return AccessLog.hash(hash);
    }

    @Override
    public boolean compacts(long liveBytes, long segmentBytes, long deadBytes, long copyCredit) {
        long gain = segmentBytes - liveBytes;
        return liveBytes <= COPIED_PER_BYTE_GAINED * gain
                || (deadBytes >= DEAD_SEGMENTS_MIN * segmentBytes && copyCredit >= liveBytes);
    }

    @Override
    public int freqAfter(int queue, int freq) {
        return policy.freqAfter(queue, freq);
    }
}
