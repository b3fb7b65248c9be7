package io.larder.server.compat.memcached;

import io.larder.server.compat.DiskWait;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.memcached.BinaryReply.Status;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The binary requests that have a key. One connection's, on its event loop. */
final class BinaryItems {
    private static final int EXPIRY_OFFSET = 4;
    private static final int INITIAL_OFFSET = 8;
    private static final int COUNT_EXPIRY_OFFSET = 16;

    /** The expiry of a count that is not to be created. */
    private static final int NOT_CREATED = -1;

    private final Counts counts;
    private final Bench bench;
    private final DiskWait disk;
    private BinaryRequest request = new BinaryRequest();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean isQuiet;

    BinaryItems(Counts counts, Bench bench, DiskWait disk) {
        this.counts = counts;
        this.bench = bench;
        this.disk = disk;
    }

    /** Carries out a request that is sound and whole; false if it has to wait for the disk. */
    boolean run(BinaryOpcode opcode, boolean quiet, BinaryRequest newRequest, ByteBuf newOut) {
        request = newRequest;
        out = newOut;
        isQuiet = quiet;
        Mutation mutation = bench.row.take(request.in, request.keyOffset(), request.keyBytes);
        if (disk.isPossible() && (opcode != BinaryOpcode.SET || request.cas != 0)) {
            boolean isRead = opcode == BinaryOpcode.GET || opcode == BinaryOpcode.GETK;
            disk.want(mutation.key, !isRead);
            if (disk.await()) {
                return false;
            }
        }
        switch (opcode) {
            case GET -> get(mutation, false);
            case GETK -> get(mutation, true);
            case TOUCH -> touch(mutation, false, false);
            case GAT -> touch(mutation, false, true);
            case GATK -> touch(mutation, true, true);
            case SET, ADD, REPLACE -> store(opcode, mutation);
            case APPEND, PREPEND -> extend(opcode == BinaryOpcode.APPEND, mutation);
            case INCREMENT, DECREMENT -> count(opcode == BinaryOpcode.INCREMENT, mutation);
            case DELETE -> delete(mutation);
            default -> throw new IllegalArgumentException(opcode + " (expected: with a key)");
        }
        return true;
    }

    /** What was stored before must not be taken for what was to be stored. */
    void tooLarge(BinaryOpcode opcode, BinaryRequest refused) {
        counts.count(Count.STORE_TOO_LARGE);
        if (opcode == BinaryOpcode.SET) {
            bench.items.delete(bench.row.take(refused.in, refused.keyOffset(), refused.keyBytes));
        }
    }

    private void get(Mutation mutation, boolean withKey) {
        bench.binarySink.wrap(request, out, withKey, true);
        boolean isHit = bench.items.read(mutation.key, bench.binarySink);
        answerRead(mutation, isHit, withKey);
    }

    private void touch(Mutation mutation, boolean withKey, boolean withValue) {
        mutation.expiryMillis = expiryMillis(0);
        bench.binarySink.wrap(request, out, withKey, withValue);
        WriteStatus status = bench.items.touch(mutation, bench.binarySink);
        boolean isHit = status == WriteStatus.DONE;
        counts.count(Count.CMD_TOUCH);
        counts.count(isHit, Count.TOUCH_HITS, Count.TOUCH_MISSES);
        if (withValue) {
            answerRead(mutation, isHit, withKey);
        } else if (isHit) {
            bench.binarySink.commit();
        } else {
            BinaryReply.append(out, request, Status.NOT_FOUND);
        }
    }

    private void answerRead(Mutation mutation, boolean isHit, boolean withKey) {
        counts.count(isHit, Count.GET_HITS, Count.GET_MISSES);
        counts.prefixes.read(mutation.key.bytes(), isHit);
        if (isHit) {
            bench.binarySink.commit();
        } else if (!isQuiet) {
            if (withKey) {
                BinaryReply.appendKeyMiss(out, request);
            } else {
                BinaryReply.append(out, request, Status.NOT_FOUND);
            }
        }
    }

    private long expiryMillis(int extrasOffset) {
        return bench.expiryMillis(request.in.getUnsignedInt(request.extrasOffset() + extrasOffset));
    }

    private void store(BinaryOpcode opcode, Mutation mutation) {
        takeValue(mutation);
        mutation.clientFlags = request.in.getInt(request.extrasOffset());
        mutation.expiryMillis = expiryMillis(EXPIRY_OFFSET);
        mutation.presence = request.cas == 0 ? presence(opcode) : Presence.ANY;
        expectVersion(mutation);
        WriteStatus status = bench.items.put(mutation);
        boolean isMissing = status == WriteStatus.MISSING;
        answerWrite(status, isMissing ? Status.NOT_FOUND : Status.EXISTS, mutation);
    }

    /** What an item has to be if no version says so. */
    private static Presence presence(BinaryOpcode opcode) {
        return switch (opcode) {
            case ADD -> Presence.ABSENT;
            case REPLACE -> Presence.PRESENT;
            default -> Presence.ANY;
        };
    }

    private void extend(boolean atEnd, Mutation mutation) {
        takeValue(mutation);
        expectVersion(mutation);
        WriteStatus status = bench.extend(mutation, atEnd);
        boolean isMissing = status == WriteStatus.MISSING;
        answerWrite(status, isMissing ? Status.NOT_STORED : Status.EXISTS, mutation);
    }

    private void takeValue(Mutation mutation) {
        counts.count(Count.CMD_SET);
        counts.prefixes.written(mutation.key.bytes());
        KeyRow.wrap(mutation.value, request.in, request.valueOffset(), (int) request.valueBytes());
    }

    private void expectVersion(Mutation mutation) {
        mutation.ifVersion = request.cas != 0;
        mutation.expectedVersion = request.cas;
    }

    private void delete(Mutation mutation) {
        expectVersion(mutation);
        WriteStatus status = bench.items.delete(mutation);
        counts.count(status == WriteStatus.DONE, Count.DELETE_HITS, Count.DELETE_MISSES);
        counts.prefixes.deleted(mutation.key.bytes());
        mutation.version = 0; // of what is gone, which is not told
        boolean isMissing = status == WriteStatus.MISSING;
        answerWrite(status, isMissing ? Status.NOT_FOUND : Status.EXISTS, mutation);
    }

    private void count(boolean isUp, Mutation mutation) {
        int extras = request.extrasOffset();
        long delta = request.in.getLong(extras);
        WriteStatus status =
                bench.counting.add(mutation, delta, isUp, request.cas, Counting.KEEP_EXPIRY);
        long number = bench.counting.number();
        if (status == WriteStatus.MISSING
                && request.in.getInt(extras + COUNT_EXPIRY_OFFSET) != NOT_CREATED) {
            number = request.in.getLong(extras + INITIAL_OFFSET);
            status = create(mutation, number);
        } else if (status == WriteStatus.DONE) {
            counts.count(isUp ? Count.INCR_HITS : Count.DECR_HITS);
        } else if (status == WriteStatus.MISSING) {
            counts.count(isUp ? Count.INCR_MISSES : Count.DECR_MISSES);
        }
        if (status == WriteStatus.DONE) {
            if (!isQuiet) {
                BinaryReply.appendNumber(out, request, number, mutation.version);
            }
        } else if (status == WriteStatus.NOT_A_NUMBER) {
            BinaryReply.append(out, request, Status.NOT_A_NUMBER);
        } else {
            boolean isMissing = status == WriteStatus.MISSING;
            answerWrite(status, isMissing ? Status.NOT_FOUND : Status.EXISTS, mutation);
        }
    }

    private WriteStatus create(Mutation mutation, long number) {
        bench.counting.begin(mutation.reset(), number);
        mutation.presence = Presence.ABSENT;
        mutation.expiryMillis = expiryMillis(COUNT_EXPIRY_OFFSET);
        return bench.items.put(mutation);
    }

    private void answerWrite(WriteStatus status, Status ifNotDone, Mutation mutation) {
        switch (status) {
            case DONE -> {
                if (!isQuiet) {
                    BinaryReply.append(out, request, Status.OK, mutation.version);
                }
            }
            case MISSING, EXISTS, VERSION_MISMATCH -> BinaryReply.append(out, request, ifNotDone);
            case TOO_LARGE -> BinaryReply.append(out, request, Status.TOO_LARGE);
            default -> {
                counts.count(Count.STORE_NO_MEMORY);
                BinaryReply.append(out, request, Status.OUT_OF_MEMORY);
            }
        }
    }
}
