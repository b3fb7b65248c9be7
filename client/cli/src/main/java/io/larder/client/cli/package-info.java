/**
 * The command line of the client, {@code bin/larder cli}: one operation, or one per line of
 * standard input.
 *
 * <p>Threads: the main thread reads and asks; with {@code --pipe} a second one writes the answers.
 * Imports the client's public API and the protocol's quoting.
 */
@NullMarked
package io.larder.client.cli;

import org.jspecify.annotations.NullMarked;
