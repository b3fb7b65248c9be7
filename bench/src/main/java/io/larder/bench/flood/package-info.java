/**
 * {@code bench flood}: keys chosen to meet in one bucket of a table whose hash anybody can compute.
 */
@NullMarked
package io.larder.bench.flood;

import org.jspecify.annotations.NullMarked;
