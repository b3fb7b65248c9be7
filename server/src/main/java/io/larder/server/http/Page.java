package io.larder.server.http;

import java.io.IOException;

/** Something to look at, made anew for each who asks. Called on the HTTP event loop. */
interface Page {
    /**
     * Makes it.
     *
     * @throws IOException if it cannot be written down, which is a defect
     */
    Answer make() throws IOException;
}
