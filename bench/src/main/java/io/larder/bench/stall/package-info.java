/**
 * {@code bench stall}: a server that stands still for a while, as one does whose machine is
 * suspended or out of memory, under clients that go on.
 *
 * <p>Threads: callers, each with keys of its own; a writer and a reader of the near cache; the main
 * thread stops and resumes the server. May import client.
 */
@NullMarked
package io.larder.bench.stall;

import org.jspecify.annotations.NullMarked;
