/**
 * What can go wrong between a client and a server: a proxy that knows where frames end and loses,
 * delays and cuts off. For the tests of the client and for {@code bench}; no part of a server or a
 * client.
 *
 * <p>Threads: a proxy has its own. May import the protocol.
 */
@NullMarked
package io.larder.faults;

import org.jspecify.annotations.NullMarked;
