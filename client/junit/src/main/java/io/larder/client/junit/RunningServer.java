package io.larder.client.junit;

/** A server that accepts, wherever it runs. Any thread. */
sealed interface RunningServer extends AutoCloseable permits LocalServer, ChildServer {
    int dataPort();

    int adminPort();

    /** Stops it and waits for its end. Again: does nothing. */
    @Override
    void close();
}
