/**
 * What stays and what goes: which queue a new item enters, which items survive its end, and which
 * of two admission modes decides that.
 *
 * <p>The store drives one {@link io.larder.server.policy.S3FifoPolicy} per shard, under that
 * shard's lock, at segment grain; {@link io.larder.server.policy.MiniCache} drives the same class
 * item by item, for the duel and for replays. {@link io.larder.server.policy.Admission} ties a
 * store's policies to what they share. Everything is deterministic: no clock, no randomness.
 *
 * <p>Threads: see each class. Imports nothing of Larder.
 */
@NullMarked
package io.larder.server.policy;

import org.jspecify.annotations.NullMarked;
