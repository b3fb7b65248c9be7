package io.larder.server.auth;

/**
 * A user who has shown that he is one, or everybody where there are no users. Immutable.
 *
 * @param user the user's name; empty for everybody
 * @param rights what he may do, as of one reading of the users file
 * @param reading which one
 */
public record Identity(String user, Rights rights, long reading) {}
