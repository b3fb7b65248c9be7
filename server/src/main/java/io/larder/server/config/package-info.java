/**
 * What an operator may set: typed keys with unit, range and default, read from a file, the
 * environment and {@code -D} in that order of precedence.
 *
 * <p>Everything is immutable once loaded and safe for any thread. Packages do not read keys: the
 * root does, and hands each package a record of its own. Imports nothing of Larder.
 */
@NullMarked
package io.larder.server.config;

import org.jspecify.annotations.NullMarked;
