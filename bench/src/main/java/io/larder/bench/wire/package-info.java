/**
 * The cost of the wire: a generator that pipelines raw requests of one of three protocols over
 * sockets, from one processor to a server on another or the same, and reads what the server's
 * process has used meanwhile.
 *
 * <p>Threads: the generator is one thread, by intention. May import the protocol and {@code
 * io.larder.bench}; not the client, whose cost would hide the server's.
 */
@NullMarked
package io.larder.bench.wire;

import org.jspecify.annotations.NullMarked;
