/**
 * Larder in a service's own tests: {@link io.larder.client.junit.LarderServer} runs a server, and
 * {@link io.larder.client.junit.LarderExtension} gives one to the tests of a class.
 *
 * <p>Threads: a server may be used by any; an extension belongs to JUnit.
 *
 * <p>Imports the client's root, and the server's.
 */
@NullMarked
package io.larder.client.junit;

import org.jspecify.annotations.NullMarked;
