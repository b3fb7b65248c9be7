package io.larder.bench.replay;

import java.util.function.Consumer;

/** Requests in an order, the same ones each time. */
public interface Requests {
    /** Hands every request over, in order. */
    void forEach(Consumer<Request> consumer);
}
