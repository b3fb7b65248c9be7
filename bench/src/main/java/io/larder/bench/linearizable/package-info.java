/**
 * {@code bench linearizable}: whether the answers of a server under load can be explained by its
 * operations having happened one at a time, each between its call and its answer. {@link
 * io.larder.bench.linearizable.KeyState} is the model of a key, {@link
 * io.larder.bench.linearizable.LinearizabilityCheck} the search for an order; both are pure. The
 * rest brings clients to disagree and writes down what they saw.
 *
 * <p>Threads: some that call, one that checks; classes say what is shared. May import protocol.
 */
@NullMarked
package io.larder.bench.linearizable;

import org.jspecify.annotations.NullMarked;
