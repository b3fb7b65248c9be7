/**
 * What the server counts about itself, and where those who show it find it: counters that threads
 * raise without meeting, a registry of named figures, and the log of errors nobody expected.
 *
 * <p>Threads: everything here is safe for any thread. Imports nothing of Larder.
 */
@NullMarked
package io.larder.server.metrics;

import org.jspecify.annotations.NullMarked;
