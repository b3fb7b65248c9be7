/**
 * The programs for a terminal: {@code bin/larder cli} asks a server by the client, an operation, a
 * line of standard input or what a person types at a time; {@code admin} sends its admin a line;
 * {@code top} draws what that tells.
 *
 * <p>Threads: the main thread reads and asks; with {@code --pipe} a second one writes the answers.
 * Imports the client's public API and the protocol's quoting. JLine knows the terminal.
 */
@NullMarked
package io.larder.client.cli;

import org.jspecify.annotations.NullMarked;
