package io.larder.server.http;

import io.larder.server.accesslog.EventListener;

/** Where events come from. Any thread may call it. */
public interface EventSource {
    /** Has a listener told of what happens from now on. Locking: may wait for writers, briefly. */
    void watch(EventListener listener);

    /** Ends that; a call under way may still reach the listener. */
    void unwatch(EventListener listener);
}
