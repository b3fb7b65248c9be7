package io.larder.server.net;

/** Told of connections of the data listener. Called on their event loops; must not block. */
public interface ConnectionListener {
    /** Nobody listens. */
    ConnectionListener NONE =
            new ConnectionListener() {
                @Override
                public void opened(ConnectionFigures connection) {
                    // nobody listens
                }

                @Override
                public void closed(ConnectionFigures connection) {
                    // nobody listens
                }
            };

    /** One was accepted. */
    void opened(ConnectionFigures connection);

    /** One has ended. */
    void closed(ConnectionFigures connection);
}
