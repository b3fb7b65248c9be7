package io.larder.bench.wire;

import java.util.Locale;
import java.util.SplittableRandom;
import site.ycsb.generator.ScrambledZipfianGenerator;

/**
 * Which keys are asked for, drawn beforehand so that drawing costs the generator nothing: a long
 * sequence of key indices that repeats. The same seed gives the same uniform sequence. For one
 * thread.
 */
public final class KeySequence {
    private static final int LENGTH = 1 << 22; // drawn indices, a power of two
    private static final long SEED = 0x1A4DE4L;

    private final int[] indices;
    private int position;

    private KeySequence(int[] indices) {
        this.indices = indices;
    }

    /** How often each key is asked for. */
    public enum Distribution {
        /** All alike. */
        uniform,
        /** YCSB's scrambled Zipfian distribution, of constant 0.99. */
        zipfian;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Draws from the indices 0 to {@code keys} - 1. */
    public static KeySequence draw(Distribution distribution, int keys) {
        int[] indices = new int[LENGTH];
        switch (distribution) {
            case uniform -> {
                SplittableRandom random = new SplittableRandom(SEED);
                for (int i = 0; i < LENGTH; i++) {
                    indices[i] = random.nextInt(keys);
                }
            }
            case zipfian -> {
                ScrambledZipfianGenerator generator = new ScrambledZipfianGenerator(keys);
                for (int i = 0; i < LENGTH; i++) {
                    indices[i] = (int) (generator.nextValue() % keys);
                }
            }
        }
        return new KeySequence(indices);
    }

    /** The next key's index. */
    int next() {
        int index = indices[position];
        position = (position + 1) & (LENGTH - 1);
        return index;
    }
}
