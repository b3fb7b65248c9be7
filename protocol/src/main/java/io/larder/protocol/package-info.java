/**
 * The wire of Larder, shared by the server and every client: {@code protocol/PROTOCOL.md} is the
 * specification, and these types are its numbers, layouts and framing.
 *
 * <p>Threads: enums, records and static layouts may be used from anywhere. The flyweights and
 * {@link io.larder.protocol.FrameDecoder} belong to one event loop each.
 *
 * <p>May import Netty's buffers and handlers, and nothing else of Larder.
 */
@NullMarked
package io.larder.protocol;

import org.jspecify.annotations.NullMarked;
