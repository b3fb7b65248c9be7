package io.larder.server.http;

import java.io.IOException;
import java.util.function.Predicate;

/** Something to look at, made anew for each who asks. Called on the HTTP event loop. */
interface Page {
    /**
     * Makes it.
     *
     * @throws IOException if it cannot be written down, which is a defect
     */
    Answer make() throws IOException;

    /**
     * The same, for somebody who does not see every page.
     *
     * @param maySee which he sees, by their paths
     * @throws IOException if it cannot be written down, which is a defect
     */
    default Answer make(Predicate<String> maySee) throws IOException {
        return make();
    }
}
