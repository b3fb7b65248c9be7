/**
 * Sockets and event loops: accepting, reading, writing, and the bounds on all three. What the bytes
 * mean is a {@link io.larder.server.net.Frontend}'s business.
 *
 * <p>Threads: a channel's handlers run on its event loop; what any thread may call says so.
 *
 * <p>Imports {@code protocol}, {@code command}, {@code limit}, {@code push}, {@code config} and
 * {@code metrics}.
 */
@NullMarked
package io.larder.server.net;

import org.jspecify.annotations.NullMarked;
