package io.larder.client.net;

import io.larder.client.api.LarderException;

/** What makes a result of a reply that is not an error: a success or an ordinary no. */
@FunctionalInterface
interface ReplyReader<T> {
    /**
     * Reads the result. On the event loop.
     *
     * @param reply valid during the call only
     * @throws LarderException as what the call is to fail with
     * @throws RuntimeException if the reply cannot be read; it fails this one call
     */
    T read(Reply reply);
}
