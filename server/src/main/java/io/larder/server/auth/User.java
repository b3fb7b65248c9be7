package io.larder.server.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may reach the server, as a users file says.
 *
 * @param name as operators see it
 * @param rights what he may do
 * @param password what is kept of it; null if he has none
 * @param tokens SHA-256 of each of his tokens, in hex
 * @param certificates common names of those he shows
 */
record User(
        String name,
        Rights rights,
        @Nullable ScramVerifier password,
        List<String> tokens,
        List<String> certificates) {}
