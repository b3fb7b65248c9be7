package io.larder.client.jcache;

/**
 * An entry as it was seen.
 *
 * @param version for compare-and-set
 * @param expiresInMillis what was left; {@link io.larder.client.api.Entry#NEVER_EXPIRES} if there
 *     is no end
 */
record Found<V>(V value, long version, long expiresInMillis) {}
