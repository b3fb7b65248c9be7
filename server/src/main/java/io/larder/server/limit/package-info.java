/**
 * What all connections of a server share of its limits: bytes in flight, connections of one
 * address, rates of one client, groups of commands that are off. Each says how much it has refused.
 *
 * <p>Threads: any thread may call anything; nothing here locks on the way of a request.
 *
 * <p>Imports {@code metrics}.
 */
@NullMarked
package io.larder.server.limit;

import org.jspecify.annotations.NullMarked;
