package io.larder.server.auth;

import io.larder.server.metrics.UserFigures;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The figures of each user who has been let in. They outlive him, and readings of the users file,
 * and are bounded: those who come when there are {@link #USERS_MAX} share one account. Any thread.
 */
final class UserAccounts {
    /** Users with an account of their own. */
    static final int USERS_MAX = 256;

    /** Whose the shared account is; no user has such a name. */
    static final String OTHERS = "(others)";

    private final ConcurrentMap<String, UserFigures> byName = new ConcurrentHashMap<>();

    UserFigures of(String user) {
        UserFigures known = byName.get(user);
        if (known != null) {
            return known;
        }
        String name = byName.size() < USERS_MAX ? user : OTHERS;
        return byName.computeIfAbsent(name, UserFigures::new);
    }

    /** All of them, by their names. */
    List<UserFigures> all() {
        return byName.values().stream().sorted(Comparator.comparing(UserFigures::user)).toList();
    }
}
