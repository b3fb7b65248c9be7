package io.larder.client.junit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The program of a {@link ChildServer}: a server that runs until its standard input ends. */
final class ServerProgram {
    static final String READY = "LARDER-READY ";
    static final String SETTING = "LARDER-SETTING ";
    static final String FAILED = "LARDER-FAILED ";

    private ServerProgram() {}

    /** Takes settings, {@code key=value} each. */
    public static void main(String[] settings) throws IOException {
        PrintStream parent = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // a log to standard output is no answer
        try (LocalServer server = LocalServer.start(List.of(settings))) {
            parent.println(READY + server.dataPort() + ' ' + server.adminPort());
            while (System.in.read() >= 0) {
                // nothing is said there; it ends
            }
        } catch (IllegalArgumentException e) {
            parent.println(SETTING + oneLine(e));
        } catch (IllegalStateException e) {
            parent.println(FAILED + oneLine(e));
        }
        System.exit(0);
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).replaceAll("\\R", " ");
    }
}
