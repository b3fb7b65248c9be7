package io.larder.server.insight;

/**
 * What a store would do with another memory limit.
 *
 * @param bytes the limit
 * @param hitRatio the share of the reads that would find their key, 0 to 1
 */
public record CurvePoint(long bytes, double hitRatio) {}
