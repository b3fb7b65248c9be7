package io.larder.server.store;

/**
 * Where an item lies and how it is regarded, at one moment.
 *
 * @param shard its shard
 * @param segment its segment's number in the arena
 * @param isMain whether its segment is in the main queue rather than the small one
 * @param freq how often it was read since eviction last looked at it, 0 to 3, where 3 is "or more"
 * @param itemBytes bytes in the log, header and padding included; a large value's chain is not
 */
public record ItemPlace(int shard, int segment, boolean isMain, int freq, int itemBytes) {}
