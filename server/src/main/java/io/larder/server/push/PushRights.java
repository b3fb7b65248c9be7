package io.larder.server.push;

import org.jspecify.annotations.Nullable;

/** What a connection's user may be told of, by now. Called on the connection's event loop. */
@FunctionalInterface
public interface PushRights {
    /** Of a server without users. */
    PushRights ALL = (regionId, key) -> true;

    /**
     * Whether he may know of a change.
     *
     * @param key what changed; null for a change of the region as a whole
     */
    boolean mayKnow(int regionId, byte @Nullable [] key);
}
