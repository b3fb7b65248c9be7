package io.larder.bench.replay;

/**
 * One line of a trace.
 *
 * @param key a hash of the key's text
 * @param bytes of the value, 0 if the trace does not say
 * @param ttlMillis for how long the value is good if it is stored now, 0 for ever
 */
public record Request(long key, int bytes, long ttlMillis) {}
