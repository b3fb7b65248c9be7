/**
 * {@code bench client}: the Larder client to Larder beside the clients that people use with Redis
 * and memcached, doing the same in one run.
 *
 * <p>Threads: the command's own; a contender's load runs in a JVM of its own, on threads of {@link
 * io.larder.bench.client.Load}.
 *
 * <p>Imports the bench root, the client, and the clients it is compared with.
 */
@NullMarked
package io.larder.bench.client;

import org.jspecify.annotations.NullMarked;
