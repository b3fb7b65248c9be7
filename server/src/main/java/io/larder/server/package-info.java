/**
 * Puts the server together: {@link io.larder.server.LarderStore} the store with its maintenance,
 * {@link io.larder.server.LarderServer} that with listeners, {@link io.larder.server.LarderMain}
 * the program. Reads the configuration and hands each package a record of its own.
 *
 * <p>Imports every package; none imports it.
 */
@NullMarked
package io.larder.server;

import org.jspecify.annotations.NullMarked;
