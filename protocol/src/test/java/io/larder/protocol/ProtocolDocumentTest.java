package io.larder.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the tables of PROTOCOL.md against the code: neither may have a row that the other lacks.
 */
class ProtocolDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."), "PROTOCOL.md");

    @Test
    void table_ofOpcodes_isTheEnum() throws Exception {
        Map<String, Integer> flags = flagsByName();
        List<List<String>> expected = new ArrayList<>();
        for (Opcode opcode : Opcode.values()) {
            List<String> allowed = new ArrayList<>(flags.keySet());
            allowed.removeIf(name -> (opcode.allowedFlags() & flags.get(name)) == 0);
            expected.add(
                    List.of(
                            hex(opcode.code(), 2),
                            opcode.name(),
                            state(opcode.isReserved()),
                            String.join(" ", allowed)));
        }
        assertThat(table("opcodes", 4)).containsExactlyElementsOf(expected);
    }

    @Test
    void table_ofFlags_isTheConstants() throws Exception {
        List<List<String>> expected = new ArrayList<>();
        flagsByName()
                .forEach(
                        (name, bit) ->
                                expected.add(
                                        List.of(
                                                hex(bit, 4),
                                                name,
                                                state((RequestFlag.IMPLEMENTED & bit) == 0))));
        assertThat(table("flags", 3)).containsExactlyElementsOf(expected);
        flagsByName().forEach((name, bit) -> assertThat(RequestFlag.describe(bit)).isEqualTo(name));
    }

    @Test
    void table_ofStatuses_isTheEnum() throws IOException {
        List<List<String>> expected =
                Stream.of(Status.values())
                        .map(status -> List.of(hex(status.code(), 2), status.name()))
                        .toList();
        assertThat(table("statuses", 2)).containsExactlyElementsOf(expected);
    }

    @Test
    void table_ofExtensions_isTheEnum() throws IOException {
        List<List<String>> expected =
                Stream.of(ExtensionType.values())
                        .map(
                                type ->
                                        List.of(
                                                hex(type.code(), 2),
                                                type.name(),
                                                type.valueBytes() < 0
                                                        ? "any"
                                                        : Integer.toString(type.valueBytes()),
                                                state(type.isReserved())))
                        .toList();
        assertThat(table("extensions", 4)).containsExactlyElementsOf(expected);
    }

    @Test
    void enums_areInTheOrderOfTheirCodes() {
        assertThat(Stream.of(Opcode.values()).map(Opcode::code)).isSorted();
        assertThat(Stream.of(Status.values()).map(Status::code)).isSorted();
        assertThat(Stream.of(ExtensionType.values()).map(ExtensionType::code)).isSorted();
    }

    /** The first columns of the table after {@code <!-- table: name -->}, without its head. */
    private static List<List<String>> table(String name, int columns) throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        int mark = lines.indexOf("<!-- table: " + name + " -->");
        assertThat(mark).as("the table of %s", name).isNotNegative();
        return lines.stream()
                .skip(mark + 3L)
                .takeWhile(line -> line.startsWith("|"))
                .map(
                        line ->
                                Arrays.stream(line.split("\\|", -1))
                                        .map(String::strip)
                                        .toList()
                                        .subList(1, columns + 1))
                .toList();
    }

    private static Map<String, Integer> flagsByName() throws IllegalAccessException {
        Map<String, Integer> flags = new LinkedHashMap<>();
        for (Field field : RequestFlag.class.getFields()) {
            if (Integer.bitCount(field.getInt(null)) == 1) {
                flags.put(field.getName(), field.getInt(null));
            }
        }
        return flags;
    }

    private static String state(boolean reserved) {
        return reserved ? "reserved" : "now";
    }

    private static String hex(int code, int digits) {
        return String.format(Locale.ROOT, "0x%0" + digits + "X", code);
    }
}
