/**
 * What a program that uses Larder sees: the caches, their options, results and exceptions. Only
 * types and their contracts; nothing here touches a socket.
 *
 * <p>Threads: interfaces may be called from any thread; values are immutable.
 *
 * <p>What calls fail with is one hierarchy, under {@link io.larder.client.api.LarderException},
 * which has the table.
 *
 * <p>May import nothing else of Larder, and of others only the optional libraries of codecs, each
 * in one class: {@link io.larder.client.api.JacksonCodec}, {@code Lz4Blocks}, {@code ZstdFrames}.
 */
@NullMarked
package io.larder.client.api;

import org.jspecify.annotations.NullMarked;
