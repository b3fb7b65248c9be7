package io.larder.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The allowed arrows between the server's packages; every package has a row. */
@Tag("slow")
class PackageArrowsTest {
    private static final String ROOT = "io.larder.server";

    private static final Map<String, List<String>> MAY_IMPORT =
            Map.ofEntries(
                    Map.entry("config", List.of()),
                    Map.entry("memory", List.of()),
                    Map.entry("metrics", List.of()),
                    Map.entry("limit", List.of("metrics")),
                    Map.entry("policy", List.of()),
                    Map.entry("work", List.of("metrics")),
                    Map.entry("store", List.of("memory", "metrics")),
                    Map.entry("accesslog", List.of("memory", "store", "metrics")),
                    Map.entry("evict", List.of("store", "accesslog", "policy", "work", "metrics")),
                    Map.entry("expiry", List.of("store", "work")),
                    Map.entry("warm", List.of("memory", "store", "region", "metrics")),
                    Map.entry("embedded", List.of("memory", "store", "region")),
                    Map.entry("region", List.of("store", "config", "metrics")),
                    Map.entry("snapshot", List.of("memory", "store", "region", "metrics")),
                    Map.entry("push", List.of("memory", "store", "metrics")),
                    Map.entry("lease", List.of("memory", "store", "metrics")),
                    Map.entry("tier", List.of("memory", "store", "metrics")),
                    Map.entry("peer", List.of("memory", "store", "region", "metrics")),
                    Map.entry(
                            "command",
                            List.of(
                                    "auth", "limit", "memory", "store", "region", "push", "lease",
                                    "tier", "metrics")),
                    Map.entry("net", List.of("command", "limit", "push", "config", "metrics")),
                    Map.entry("auth", List.of("memory", "metrics")),
                    Map.entry("tls", List.of("net", "metrics")),
                    Map.entry(
                            "insight",
                            List.of("accesslog", "metrics", "policy", "region", "store")),
                    Map.entry(
                            "http",
                            List.of(
                                    "auth",
                                    "limit",
                                    "net",
                                    "command",
                                    "accesslog",
                                    "insight",
                                    "memory",
                                    "region",
                                    "store",
                                    "config",
                                    "metrics")),
                    Map.entry(
                            "compat",
                            List.of(
                                    "auth", "limit", "net", "command", "memory", "store", "region",
                                    "push", "lease", "tier", "metrics")),
                    Map.entry(
                            "admin",
                            List.of(
                                    "auth",
                                    "limit",
                                    "net",
                                    "command",
                                    "accesslog",
                                    "insight",
                                    "memory",
                                    "region",
                                    "store",
                                    "config",
                                    "metrics",
                                    "snapshot")));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);

    @Test
    void everyPackage_hasARow() {
        TreeSet<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));
        packages.remove(ROOT);
        assertThat(packages)
                .allSatisfy(name -> assertThat(MAY_IMPORT).containsKey(name.split("\\.", -1)[3]));
        assertThat(MAY_IMPORT.keySet())
                .allSatisfy(name -> assertThat(packages).contains(ROOT + "." + name));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void packageImports_onlyWhatItMay(String name, List<String> allowed) {
        String[] packages =
                Stream.concat(Stream.of(name), allowed.stream())
                        .map(each -> ROOT + "." + each + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(packages))))
                .because(name + " may import " + Arrays.toString(packages))
                .check(CLASSES);
    }

    static Stream<Arguments> rows() {
        return MAY_IMPORT.entrySet().stream()
                .map(row -> Arguments.of(row.getKey(), row.getValue()));
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
