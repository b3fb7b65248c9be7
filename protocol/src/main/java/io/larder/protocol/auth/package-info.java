/**
 * What both sides of an authentication reckon alike. Nothing here knows a user.
 *
 * <p>Threads: stateless or immutable. Imports nothing of Larder's.
 */
@NullMarked
package io.larder.protocol.auth;

import org.jspecify.annotations.NullMarked;
