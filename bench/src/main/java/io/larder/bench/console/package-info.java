/**
 * Opens the console in a browser while a server is under load, and looks at it as a person would.
 *
 * <p>May import {@code io.larder.bench} and its {@code store}, for Zipf's law.
 */
@NullMarked
package io.larder.bench.console;

import org.jspecify.annotations.NullMarked;
