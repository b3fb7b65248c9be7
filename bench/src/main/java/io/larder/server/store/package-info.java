/**
 * Faulty variants of the store's parts, for stress tests on the real memory, and measurements of
 * parts that nobody outside the package sees. The server's package of the same name has the real
 * ones.
 */
@NullMarked
package io.larder.server.store;

import org.jspecify.annotations.NullMarked;
