package io.larder.client.spring.session;

import java.util.Map;

/**
 * A session as it is stored. Immutable.
 *
 * @param createdMillis since 1970
 * @param accessedMillis since 1970
 * @param timeoutMillis without access, after which it is gone; negative: never
 * @param attributes by their names
 */
public record SessionState(
        long createdMillis,
        long accessedMillis,
        long timeoutMillis,
        Map<String, Object> attributes) {}
