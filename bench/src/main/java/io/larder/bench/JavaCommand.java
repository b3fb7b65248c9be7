package io.larder.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of another JVM: this one's Java, class path and access options. What sizes this
 * JVM (heap, collector) is not passed on.
 */
public final class JavaCommand {
    /** Beginnings of the options that let libraries reach into the JDK. */
    private static final List<String> ACCESS_OPTIONS =
            List.of(
                    "--add-exports=",
                    "--add-opens=",
                    "--enable-native-access=",
                    "--sun-misc-unsafe-memory-access=",
                    "-Dio.netty.");

    private static final String LOG_PROPERTY = "logback.configurationFile";

    /** Warnings, on standard error: standard output is for results. */
    private static final String LOG_FILE = "io/larder/bench/logback.xml";

    private JavaCommand() {}

    /** Makes this JVM log as its children do, unless it was told how; before the first log. */
    static void configureLog() {
        if (System.getProperty(LOG_PROPERTY) == null) {
            System.setProperty(LOG_PROPERTY, LOG_FILE);
        }
    }

    /** Runs {@code mainClass}; its arguments are to be appended. */
    public static List<String> of(String mainClass, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(accessOptions());
        command.add(logOption());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        return command;
    }

    /** The option that has another JVM log as this one does. */
    public static String logOption() {
        return "-D" + LOG_PROPERTY + "=" + System.getProperty(LOG_PROPERTY, LOG_FILE);
    }

    /** Those options of this JVM that let libraries reach into the JDK. */
    public static List<String> accessOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> ACCESS_OPTIONS.stream().anyMatch(option::startsWith))
                .toList();
    }
}
