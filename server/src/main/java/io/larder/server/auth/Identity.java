package io.larder.server.auth;

import io.larder.server.metrics.UserFigures;
import org.jspecify.annotations.Nullable;

/**
 * A user who has shown that he is one, or everybody where there are no users. Immutable.
 *
 * @param user the user's name; empty for everybody
 * @param rights what he may do, as of one reading of the users file
 * @param reading which one
 * @param figures what he asks for is counted there; null for everybody
 */
public record Identity(String user, Rights rights, long reading, @Nullable UserFigures figures) {
    /** Whether two may do the same; null is nobody. */
    public static boolean haveSameRights(@Nullable Identity one, @Nullable Identity other) {
        return one == null ? other == null : other != null && one.rights.isSame(other.rights);
    }
}
