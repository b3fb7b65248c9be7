/**
 * What fuzzing needs of parts that nobody outside the package sees. The server's package of the
 * same name has the parts.
 */
@NullMarked
package io.larder.server.snapshot;

import org.jspecify.annotations.NullMarked;
