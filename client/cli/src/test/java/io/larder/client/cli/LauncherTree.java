package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A source tree in a path with spaces, with the real {@code bin/larder} and a false Maven and JDKs
 * that say what they were called with.
 */
final class LauncherTree {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final List<String> MODULES =
            List.of("protocol", "server", "client", "client/cli", "bench/faults", "bench");

    /** What the launcher needs of the system; flock is left out where it should do without. */
    private static final List<String> TOOLS =
            List.of(
                    "bash",
                    "sh",
                    "env",
                    "awk",
                    "cat",
                    "cp",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "readlink",
                    "rm",
                    "sed",
                    "sleep",
                    "tail",
                    "tee",
                    "touch",
                    "flock");

    private static final String FALSE_JAVA =
            """
            #!/bin/sh
            echo "pid $$"
            echo "java $0"
            echo "tunables ${GLIBC_TUNABLES-none}"
            for argument; do echo "argument $argument"; done
            [ "${FALSE_JAVA_STDIN-}" = "" ] || cat
            """;

    /** Counts its calls, and builds what the launcher looks for, once the file "go" is there. */
    private static final String FALSE_MAVEN =
            """
            #!/bin/sh
            echo "$JAVA_HOME|$PWD|$*" >>"$FALSE_MAVEN_LOG"
            cat >/dev/null
            while [ ! -e "$FALSE_MAVEN_GO" ]; do sleep 0.02; done
            echo "[INFO] Building Larder :: Server 1.2.3 [3/6]"
            if [ -n "${FALSE_MAVEN_FAILURE-}" ]; then echo "[ERROR] no luck"; exit 1; fi
            mkdir -p server/target bench/target
            echo s >server/target/larder-server-1.2.3.jar
            echo b >bench/target/larder-bench-1.2.3.jar
            printf '%s' "$PWD/server/target/larder-server-1.2.3.jar:$FALSE_MAVEN_GO" \\
                >bench/target/larder.classpath
            """;

    final Path home;
    private final Path work;
    private final Path tools;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> unset = new ArrayList<>();

    /** What a run came to. */
    record Outcome(int exitCode, String output, String errors, long pid) {
        boolean hasArgument(String argument) {
            return output.lines().anyMatch(("argument " + argument)::equals);
        }
    }

    LauncherTree(Path directory) throws IOException {
        work = directory.toRealPath();
        home = work.resolve("a tree");
        tools = work.resolve("tools");
        copy("bin/larder");
        copy("conf/jvm-17.options");
        copy("conf/jvm-25.options");
        write(home.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>\n");
        write(home.resolve(".mvn/jvm.config"), "");
        for (String module : MODULES) {
            write(home.resolve(module).resolve("pom.xml"), "<project/>\n");
            write(home.resolve(module).resolve("src/main/java/A.java"), "class A {}\n");
        }
        Files.createDirectories(tools);
        for (String tool : TOOLS) {
            link(tool);
        }
        script(tools.resolve("mvn"), FALSE_MAVEN);
        environment.put("PATH", tools.toString());
        environment.put("HOME", work.toString());
        environment.put("FALSE_MAVEN_LOG", work.resolve("maven.log").toString());
        environment.put("FALSE_MAVEN_GO", work.resolve("go").toString());
        environment.put("LARDER_JAVA_HOME", jdk("17.0.1").toString());
        go();
    }

    private void copy(String name) throws IOException {
        Path target = home.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(
                REPOSITORY.resolve(name),
                target,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void link(String tool) throws IOException {
        for (String place : System.getenv("PATH").split(":", -1)) {
            Path program = Path.of(place, tool);
            if (Files.isExecutable(program)) {
                Files.createSymbolicLink(tools.resolve(tool), program);
                return;
            }
        }
    }

    /** A false JDK of a version. */
    Path jdk(String version) throws IOException {
        Path jdk = work.resolve("jdk " + version);
        write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(jdk.resolve("bin/java"), FALSE_JAVA);
        script(jdk.resolve("bin/javac"), FALSE_JAVA);
        return jdk;
    }

    LauncherTree with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    LauncherTree without(String name) {
        environment.remove(name);
        unset.add(name);
        return this;
    }

    void hideTool(String tool) throws IOException {
        Files.deleteIfExists(tools.resolve(tool));
    }

    /** Makes the false Maven wait in its next calls. */
    void halt() throws IOException {
        Files.delete(work.resolve("go"));
    }

    void go() throws IOException {
        write(work.resolve("go"), "");
    }

    /** The calls of Maven so far: {@code JAVA_HOME|directory|arguments}. */
    List<String> mavenCalls() throws IOException {
        Path log = work.resolve("maven.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("bin/larder"), arguments);
    }

    Outcome run(Path script, String... arguments) throws IOException, InterruptedException {
        Process process = start(script, arguments);
        process.getOutputStream().close();
        return await(process);
    }

    Process start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LARDER_") || unset.contains(name));
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("GLIBC_TUNABLES");
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Outcome await(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), output, errors, process.pid());
    }

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void script(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
