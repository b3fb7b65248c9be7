package io.larder.bench.fuzz;

import java.util.List;

/** Something that takes bytes of anybody. For one thread. */
interface FuzzTarget {
    /** What it is called in progress and failures. */
    String name();

    /** Inputs that are right, from which spoiled ones are made. */
    List<byte[]> seeds();

    /**
     * Takes one input, to its end: nothing of it stays.
     *
     * @throws Exception if it was not answered, or refused, as it ought to be: a failure
     */
    void take(byte[] input) throws Exception;
}
