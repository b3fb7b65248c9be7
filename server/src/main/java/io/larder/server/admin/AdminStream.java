package io.larder.server.admin;

/** An answer that goes on until somebody ends it. On the connection's event loop. */
interface AdminStream {
    /** The client takes lines again. */
    void resume();

    /** Nothing more is to be sent. */
    void close();
}
