package io.larder.client.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What calls fail with is one hierarchy, and its page names all of it. */
class ExceptionHierarchyTest {
    private static final List<JavaClass> EXCEPTIONS =
            new ClassFileImporter()
                            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                            .importPackages("io.larder.client.api")
                            .stream()
                            .filter(it -> it.isAssignableTo(Throwable.class))
                            .toList();

    @Test
    void everyException_isALarderExceptionThatNobodyExtends() {
        assertThat(EXCEPTIONS)
                .hasSizeGreaterThan(10)
                .allMatch(it -> it.isAssignableTo(LarderException.class))
                .filteredOn(it -> !it.isEquivalentTo(LarderException.class))
                .filteredOn(it -> !it.isEquivalentTo(ServerException.class))
                .allMatch(it -> it.getModifiers().contains(JavaModifier.FINAL));
    }

    @Test
    void everyException_isInTheTable() throws IOException {
        String page =
                Files.readString(
                        Path.of("src/main/java/io/larder/client/api/LarderException.java"));

        assertThat(EXCEPTIONS)
                .extracting(JavaClass::getSimpleName)
                .allMatch(name -> Pattern.compile("\\* +" + name + "\\s").matcher(page).find());
    }
}
