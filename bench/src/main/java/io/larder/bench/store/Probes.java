package io.larder.bench.store;

import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * The keys that one thread asks for, drawn and written beforehand one behind the other, so that
 * asking costs every engine the same short copy. They repeat after {@link #LENGTH_MAX} at most. The
 * same seed gives the same keys. For one thread.
 */
final class Probes {
    private static final int LENGTH_MIN = 1 << 16;
    private static final int LENGTH_MAX = 1 << 22;

    private final byte[] keys;
    private final int[] indices;
    private int next;
    private int last;

    private Probes(byte[] keys, int[] indices) {
        this.keys = keys;
        this.indices = indices;
    }

    static Probes draw(Distribution distribution, int items, long seed) {
        long twice = Long.highestOneBit(2L * items);
        int length = (int) Math.max(LENGTH_MIN, Math.min(LENGTH_MAX, twice));
        IntSupplier indexes = indexes(distribution, items, new SplittableRandom(seed));
        byte[] keys = new byte[length * Items.KEY_BYTES];
        int[] indices = new int[length];
        for (int i = 0; i < length; i++) {
            indices[i] = indexes.getAsInt();
            Items.writeKey(indices[i], keys, i * Items.KEY_BYTES);
        }
        return new Probes(keys, indices);
    }

    private static IntSupplier indexes(
            Distribution distribution, int items, SplittableRandom random) {
        return switch (distribution) {
            case uniform -> () -> random.nextInt(items);
            case zipfian -> {
                Zipfian ranks = new Zipfian(items, random);
                yield () -> (int) Long.remainderUnsigned(Items.scatter(ranks.next() + 1L), items);
            }
        };
    }

    /** Copies the next key to {@code target}. */
    void next(byte[] target) {
        last = next;
        System.arraycopy(keys, last * Items.KEY_BYTES, target, 0, Items.KEY_BYTES);
        next = (last + 1) & (indices.length - 1);
    }

    /** The index of the item whose key was given last. */
    int lastIndex() {
        return indices[last];
    }
}
