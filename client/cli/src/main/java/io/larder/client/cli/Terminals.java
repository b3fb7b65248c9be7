package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;

/** Where the terminal comes from that a person sits at. */
@FunctionalInterface
interface Terminals {
    /** The process's own, or a dumb one on its standard streams if it has none. */
    Terminals SYSTEM = (input, output) -> TerminalBuilder.builder().system(true).dumb(true).build();

    /** A dumb one on the streams that are given. */
    Terminals STREAMS =
            (input, output) -> new DumbTerminal("larder", Terminal.TYPE_DUMB, input, output, UTF_8);

    /**
     * Opens one; who asks closes it, and that closes the streams.
     *
     * @throws IOException if there is none
     */
    Terminal open(InputStream input, OutputStream output) throws IOException;

    /** The user's home, if there is one that can be written to. */
    static Optional<Path> home() {
        return Optional.ofNullable(System.getenv("HOME"))
                .or(() -> Optional.ofNullable(System.getProperty("user.home")))
                .filter(home -> !home.isBlank())
                .map(Path::of)
                .filter(home -> Files.isDirectory(home) && Files.isWritable(home));
    }
}
