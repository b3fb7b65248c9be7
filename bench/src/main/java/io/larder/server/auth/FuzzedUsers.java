package io.larder.server.auth;

import java.nio.file.Path;

/** A file of users, read. Stateless. */
public final class FuzzedUsers {
    private FuzzedUsers() {}

    /**
     * Reads it.
     *
     * @throws UsersException if it cannot be used
     */
    public static void read(Path file) throws UsersException {
        var unused = UsersFile.read(file);
    }
}
