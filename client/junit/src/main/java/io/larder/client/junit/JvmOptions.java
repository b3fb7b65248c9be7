package io.larder.client.junit;

import java.util.ArrayList;
import java.util.List;

/** The options that a server asks of its JVM, and whether this one has them. */
final class JvmOptions {
    private static final List<String> EXPORTED =
            List.of("jdk.internal.misc", "sun.nio.ch", "jdk.internal.ref");
    private static final List<String> OPENED =
            List.of("java.lang", "java.lang.reflect", "java.nio");
    private static final int FIRST_TO_WARN_OF_UNSAFE = 24;

    private JvmOptions() {}

    /** True if a server on this class path may use what it needs of the JDK. */
    static boolean areSet() {
        Module java = Object.class.getModule();
        Module server = io.larder.server.LarderServer.class.getModule();
        return EXPORTED.stream().allMatch(name -> java.isExported(name, server))
                && OPENED.stream().allMatch(name -> java.isOpen(name, server));
    }

    /** What to give to a JVM of this version. */
    static List<String> ofThisJava() {
        List<String> options = new ArrayList<>();
        EXPORTED.forEach(name -> options.add("--add-exports=java.base/" + name + "=ALL-UNNAMED"));
        OPENED.forEach(name -> options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        options.add("-Dio.netty.tryReflectionSetAccessible=true");
        if (Runtime.version().feature() >= FIRST_TO_WARN_OF_UNSAFE) {
            options.add("--enable-native-access=ALL-UNNAMED");
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        // A server of tests: small, and quickly up.
        options.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        return options;
    }
}
