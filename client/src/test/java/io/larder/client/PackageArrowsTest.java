package io.larder.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the client's packages: root, then net and typed, then api; each may import
 * those to its right.
 */
@ArchTag("slow")
@AnalyzeClasses(packages = "io.larder.client", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {
    /** The classes that touch a library which may be absent, one library each. */
    private static final String OPTIONAL =
            "io\\.larder\\.client\\.(api\\.(JacksonCodec.*|Lz4Blocks|ZstdFrames)|near\\.Copies)";

    @ArchTest
    static final ArchRule ARROWS =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("root")
                    .definedBy("io.larder.client")
                    .layer("near")
                    .definedBy("io.larder.client.near")
                    .layer("net")
                    .definedBy("io.larder.client.net")
                    .layer("typed")
                    .definedBy("io.larder.client.typed")
                    .layer("api")
                    .definedBy("io.larder.client.api")
                    .whereLayer("root")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("near")
                    .mayOnlyBeAccessedByLayers("root")
                    .whereLayer("net")
                    .mayOnlyBeAccessedByLayers("root", "near")
                    .whereLayer("typed")
                    .mayOnlyBeAccessedByLayers("root")
                    .whereLayer("api")
                    .mayOnlyBeAccessedByLayers("root", "near", "net", "typed");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.larder.client.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule API_IS_ONLY_JAVA =
            classes()
                    .that()
                    .resideInAPackage("io.larder.client.api")
                    .and()
                    .haveNameNotMatching(OPTIONAL)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "org.jspecify..", "io.larder.client.api");

    @ArchTest
    static final ArchRule NETTY_AND_SLF4J_ONLY =
            classes()
                    .that()
                    .haveNameNotMatching(OPTIONAL)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "javax.net.ssl..",
                            "jdk.jfr..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "io.netty..",
                            "io.larder.protocol..",
                            "io.larder.client..");

    @ArchTest
    static final ArchRule NO_INTERNALS_OF_NETTY =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.netty..internal..");
}
