/**
 * What a program that uses Larder sees: the caches, their options, results and exceptions. Only
 * types and their contracts; nothing here touches a socket.
 *
 * <p>Threads: interfaces may be called from any thread; values are immutable.
 *
 * <p>May import nothing else of Larder.
 */
@NullMarked
package io.larder.client.api;

import org.jspecify.annotations.NullMarked;
