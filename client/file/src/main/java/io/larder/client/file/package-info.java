/**
 * Reads the file of a persistent region in a process on the server's host, without the network.
 *
 * <p>Threads: everything may be used from any. Imports the file's layout, {@code
 * io.larder.protocol.file}, and Chronicle Map.
 */
@NullMarked
package io.larder.client.file;

import org.jspecify.annotations.NullMarked;
