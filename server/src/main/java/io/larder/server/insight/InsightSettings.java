package io.larder.server.insight;

/**
 * What is to be learnt.
 *
 * @param hotKeys which keys are used most
 * @param curve the hit ratio at other sizes
 * @param prefixes what becomes of keys that begin alike
 * @param separator the byte that ends a prefix
 */
public record InsightSettings(boolean hotKeys, boolean curve, boolean prefixes, byte separator) {
    /** Whether a sample of all that happens is wanted, and not of reads alone. */
    public boolean wantsSample() {
        return hotKeys || curve || prefixes;
    }
}
