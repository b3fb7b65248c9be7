package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.cli.LauncherTree.Outcome;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/larder}, with a false Maven and false JDKs. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
@Tag("slow")
class LauncherTest {
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    @TempDir Path directory;

    private LauncherTree tree;

    @BeforeEach
    void plant() throws Exception {
        tree = new LauncherTree(directory);
    }

    @Test
    void firstCommand_builds_andTheNextOnesDoNot() throws Exception {
        Outcome first = tree.run("serve");
        Outcome second = tree.run("cli", "ping");
        Outcome third = tree.run("build");

        assertThat(first.exitCode()).isZero();
        assertThat(first.errors())
                .contains("larder: building with ", "larder: building Larder :: Server 1.2.3");
        assertThat(second.errors()).isEmpty();
        assertThat(third).extracting(Outcome::exitCode, Outcome::output).containsExactly(0, "");
        assertThat(tree.mavenCalls())
                .containsExactly(
                        tree.jdk("17.0.1")
                                + "|"
                                + tree.home
                                + "|-B -ntp -DskipTests -Dspotless.check.skip=true"
                                + " -Dwarnings.fail=false package");
    }

    @Test
    void classPath_isOfCopies_soThatALaterBuildChangesNothingUnderARunningJvm() throws Exception {
        String classPath =
                tree.run("serve")
                        .output()
                        .lines()
                        .filter(line -> line.contains("larder-server-1.2.3.jar"))
                        .findFirst()
                        .orElseThrow()
                        .substring("argument ".length());

        String[] entries = classPath.split(":", -1);
        assertThat(entries).hasSize(3);
        assertThat(entries[0])
                .startsWith(tree.home + "/bench/target/launcher/jars-")
                .endsWith("/larder-bench-1.2.3.jar");
        assertThat(entries[1]).startsWith(tree.home + "/bench/target/launcher/jars-");
        assertThat(entries[2]).endsWith("/go");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "client/cli/pom.xml",
                ".mvn/jvm.config",
                "server/src/main/java/A.java",
                "bench/src/test/resources/new.txt"
            })
    void changedSource_isBuilt(String name) throws Exception {
        tree.run("build");

        Path source = tree.home.resolve(name);
        LauncherTree.write(source, (Files.exists(source) ? Files.readString(source) : "") + "\n");
        tree.run("build");
        tree.run("build");

        assertThat(tree.mavenCalls()).hasSize(2);
    }

    @Test
    void deletedSource_isBuilt() throws Exception {
        tree.run("build");

        Files.delete(tree.home.resolve("protocol/src/main/java/A.java"));
        tree.run("build");

        assertThat(tree.mavenCalls()).hasSize(2);
    }

    @Test
    void whatIsNoSource_isNotBuilt() throws Exception {
        tree.run("build");

        LauncherTree.write(tree.home.resolve("server/target/classes/A.class"), "");
        LauncherTree.write(tree.home.resolve("README.md"), "");
        LauncherTree.write(tree.home.resolve("server/docs/page.md"), "");
        tree.run("build");

        assertThat(tree.mavenCalls()).hasSize(1);
    }

    @Test
    void treeThatWasMoved_isBuiltAgain() throws Exception {
        tree.run("build");

        Path moved = directory.resolve("moved tree");
        Files.move(tree.home, moved);
        tree.run(moved.resolve("bin/larder"), "build");

        assertThat(tree.mavenCalls()).hasSize(2).last().asString().contains("|" + moved + "|");
    }

    @Test
    void mavenArguments_arePassed() throws Exception {
        tree.with("LARDER_MAVEN_ARGS", "-o -Dx=*").run("build");

        assertThat(tree.mavenCalls().get(0)).endsWith(" -o -Dx=* package");
    }

    @Test
    void buildThatFails_saysWhy_andStartsNothing() throws Exception {
        Outcome outcome = tree.with("FALSE_MAVEN_FAILURE", "yes").run("serve");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .contains("[ERROR] no luck\n", "larder: the build failed; all of its output: ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoFirstCommands_buildOnce(boolean withFlock) throws Exception {
        if (!withFlock) {
            tree.hideTool("flock");
        }
        tree.halt();
        Path script = tree.home.resolve("bin/larder");
        Process first = tree.start(script, "serve");
        BufferedReader firstErrors = first.errorReader(UTF_8);
        assertThat(firstErrors.readLine()).startsWith("larder: building with ");
        Process second = tree.start(script, "serve");
        BufferedReader secondErrors = second.errorReader(UTF_8);
        assertThat(secondErrors.readLine())
                .isEqualTo("larder: another build is under way; waiting for it");

        tree.go();

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(tree.mavenCalls()).hasSize(1);
    }

    @Test
    void lockOfAKilledBuild_isTaken() throws Exception {
        tree.hideTool("flock");
        LauncherTree.write(tree.home.resolve("bench/target/launcher/lock.d/pid"), "999999999\n");

        assertThat(tree.run("build").exitCode()).isZero();
        assertThat(tree.mavenCalls()).hasSize(1);
    }

    @Test
    void jvm_takesTheScriptsPlace() throws Exception {
        Outcome outcome = tree.run("serve", "-D", "a=b c", "");

        assertThat(outcome.output()).startsWith("pid " + outcome.pid() + "\n");
        assertThat(outcome.output())
                .endsWith(
                        """
                        argument io.larder.server.LarderMain
                        argument serve
                        argument -D
                        argument a=b c
                        argument\s
                        """);
        assertThat(outcome.hasArgument("-Dlarder.home=" + tree.home)).isTrue();
    }

    @Test
    void standardInput_isTheJvms_alsoAfterABuild() throws Exception {
        Process process =
                tree.with("FALSE_JAVA_STDIN", "read it")
                        .start(tree.home.resolve("bin/larder"), "cli", "--pipe");
        process.getOutputStream().write("get k\n".getBytes(UTF_8));
        process.getOutputStream().close();

        Outcome outcome = LauncherTree.await(process);

        assertThat(tree.mavenCalls()).hasSize(1);
        assertThat(outcome.output())
                .endsWith("argument io.larder.client.cli.LarderCli\nargument --pipe\nget k\n");
    }

    @ParameterizedTest
    @CsvSource({"17.0.1, 17", "21, 17", "24.0.2, 17", "25.0.1, 25", "26-ea, 25"})
    void options_areThoseOfTheJavasVersion(String version, String file) throws Exception {
        tree.with("LARDER_JAVA_HOME", tree.jdk(version).toString());
        String options = "@" + tree.home + "/conf/jvm-" + file + ".options";

        assertThat(tree.run("serve").hasArgument(options)).isTrue();
        assertThat(tree.run("bench", "ycsb").hasArgument(options)).isTrue();
        assertThat(tree.run("cli", "ping").hasArgument("-XX:TieredStopAtLevel=1")).isTrue();
    }

    @Test
    void javaOptions_comeAfterTheFiles() throws Exception {
        Outcome outcome = tree.with("LARDER_JAVA_OPTS", "-Xmx2g  -Da=*").run("serve");

        assertThat(outcome.output())
                .contains("options\n")
                .containsSubsequence(
                        "options\n", "argument -Xmx2g\nargument -Da=*\nargument -cp\n");
    }

    @Test
    void java_isLarderJavaHomesThenJavaHomes() throws Exception {
        Path jdk21 = tree.jdk("21");
        tree.with("JAVA_HOME", jdk21.toString());
        assertThat(tree.run("serve").output()).contains("java " + tree.jdk("17.0.1") + "/bin");

        tree.without("LARDER_JAVA_HOME");
        assertThat(tree.run("serve").output()).contains("java " + jdk21 + "/bin/java\n");
    }

    @Test
    void java_ofLarderJavaHomeThatWillNotDo_isAnError() throws Exception {
        for (Path home : Stream.of(tree.jdk("11.0.2"), tree.jdk("1.8.0_292"), directory).toList()) {
            Outcome outcome = tree.with("LARDER_JAVA_HOME", home.toString()).run("serve");

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.errors())
                    .isEqualTo(
                            "larder: LARDER_JAVA_HOME: "
                                    + home
                                    + " (expected: the directory of a JDK 17 or later)\n");
        }
    }

    @Test
    void java_ofJavaHomeThatWillNotDo_isPassedOver() throws Exception {
        Path found = tree.jdk("99");
        Files.createDirectories(directory.resolve(".jdks"));
        Files.move(found, directory.resolve(".jdks/a jdk"));
        tree.without("LARDER_JAVA_HOME").with("JAVA_HOME", tree.jdk("11").toString());

        Outcome outcome = tree.run("serve");

        assertThat(outcome.errors())
                .startsWith("larder: JAVA_HOME: " + tree.jdk("11") + " is no JDK 17 or later; ");
        assertThat(outcome.output())
                .contains("java " + directory.toRealPath() + "/.jdks/a jdk/bin/java\n");
    }

    @Test
    void hugePages_areAskedForWhereTheKernelGivesThemOnRequest() throws Exception {
        boolean onRequest =
                Files.exists(HUGE_PAGES) && Files.readString(HUGE_PAGES).contains("[madvise]");

        assertThat(tree.run("serve").output())
                .contains("tunables " + (onRequest ? "glibc.malloc.hugetlb=1\n" : "none\n"));
        assertThat(tree.run("cli", "ping").output()).contains("tunables none\n");
        assertThat(tree.with("GLIBC_TUNABLES", "").run("serve").output()).contains("tunables \n");
    }

    @ParameterizedTest
    @CsvSource({"cli, LarderCli", "admin, AdminCli", "top, TopCli"})
    void terminalCommand_startsItsProgram_withItsArguments(String command, String main)
            throws Exception {
        assertThat(tree.run(command, "a b", "--c").output())
                .endsWith(
                        "argument io.larder.client.cli." + main + "\nargument a b\nargument --c\n");
    }

    @Test
    void script_calledThroughLinks_findsItsTree() throws Exception {
        Path link = directory.resolve("link one");
        Path linkToLink = directory.resolve("larder");
        Files.createSymbolicLink(
                link, directory.toRealPath().relativize(tree.home).resolve("bin/larder"));
        Files.createSymbolicLink(linkToLink, link);

        assertThat(tree.run(linkToLink, "serve").hasArgument("-Dlarder.home=" + tree.home))
                .isTrue();
    }

    @Test
    void distribution_isNotBuilt() throws Exception {
        LauncherTree.write(tree.home.resolve("lib/larder-server-2.0.jar"), "");
        Files.delete(tree.home.resolve("pom.xml"));

        Outcome outcome = tree.run("serve");

        assertThat(outcome.hasArgument(tree.home + "/lib/*")).isTrue();
        assertThat(tree.run("bench", "wire"))
                .extracting(Outcome::exitCode, Outcome::errors)
                .containsExactly(
                        2, "larder: bench is not in a distribution (expected: a source tree)\n");
        LauncherTree.write(tree.home.resolve("lib/rocksdb/rocksdbjni.jar"), "");
        assertThat(
                        tree.run("serve")
                                .hasArgument(tree.home + "/lib/*:" + tree.home + "/lib/rocksdb/*"))
                .isTrue();
        assertThat(tree.run("build").exitCode()).isZero();
        assertThat(tree.run("--version").output()).isEqualTo("larder 2.0\n");
        assertThat(tree.mavenCalls()).isEmpty();
    }

    @Test
    void helpAndVersion_needNoBuild() throws Exception {
        assertThat(tree.run("--version"))
                .extracting(Outcome::exitCode, Outcome::output)
                .containsExactly(0, "larder 1.2.3\n");
        assertThat(tree.run("help").output())
                .startsWith("Usage: bin/larder COMMAND")
                .contains("build", "serve", "cli", "bench", "LARDER_JAVA_HOME");
        assertThat(tree.mavenCalls()).isEmpty();
    }

    @Test
    void unknownCommandOrNone_isUsageAndExitCode2() throws Exception {
        Outcome unknown = tree.run("frobnicate");
        Outcome none = tree.run();

        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.output()).isEmpty();
        assertThat(unknown.errors())
                .startsWith("larder: unknown command: frobnicate\nUsage: bin/larder COMMAND");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.errors()).startsWith("Usage: ");
    }
}
