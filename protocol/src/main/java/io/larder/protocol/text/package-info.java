/**
 * How keys and values are written where people and scripts type them: the same rules for the telnet
 * admin and for the command line's pipe.
 *
 * <p>Threads: static functions, for any thread. Imports nothing.
 */
@NullMarked
package io.larder.protocol.text;

import org.jspecify.annotations.NullMarked;
