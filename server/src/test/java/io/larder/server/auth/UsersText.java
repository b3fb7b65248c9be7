package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes users files for tests: each user's token is his name, and so is his password. */
public final class UsersText {
    private final Map<String, String> roles = new LinkedHashMap<>();
    private final StringBuilder users = new StringBuilder();

    /** A user who has these rights in these places. */
    public UsersText user(String name, String rights, String... places) {
        roles.put(name, "role " + name + ' ' + rights + ' ' + String.join(" ", places));
        users.append("user ")
                .append(name)
                .append(" roles=")
                .append(name)
                .append(" certificate=")
                .append(name)
                .append(" token=sha256:")
                .append(Users.digest(name.getBytes(UTF_8)))
                .append(" password=")
                .append(ScramVerifier.of(name).text())
                .append('\n');
        return this;
    }

    /** A user with a role that is there, who has a password, his name, and no token. */
    public UsersText userOfPassword(String name, String role) {
        users.append("user ")
                .append(name)
                .append(" roles=")
                .append(role)
                .append(" password=")
                .append(ScramVerifier.of(name).text())
                .append('\n');
        return this;
    }

    /** The file's text. */
    public String text() {
        return String.join("\n", roles.values()) + '\n' + users;
    }

    /** Writes it where it is asked for again. */
    public Path write(Path file) throws Exception {
        return Files.writeString(file, text());
    }

    /** What reads it. */
    public AccessControl control(Path file) throws Exception {
        return AccessControl.of(write(file));
    }
}
