/**
 * The access log's ring, whole and with a fault planted, for stress tests. The server's package of
 * the same name has the real ones.
 */
@NullMarked
package io.larder.server.accesslog;

import org.jspecify.annotations.NullMarked;
