package io.larder.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationLoaderTest {
    private static final long MIB = 1 << 20;

    @TempDir Path directory;

    private final ConfigurationLoader loader = new ConfigurationLoader();

    @Test
    void load_ofNothing_isTheDefaults() {
        Configuration configuration = loader.load();

        assertThat(configuration.get(Keys.DATA_HOST)).isEqualTo("127.0.0.1");
        assertThat(configuration.get(Keys.DATA_PORT)).isEqualTo(7170);
        assertThat(configuration.get(Keys.ADMIN_PORT)).isEqualTo(7171);
        assertThat(configuration.get(Keys.STORE_MEMORY)).isEqualTo(MemoryLimit.bytes() / 100 * 50);
        assertThat(configuration.origin(Keys.DATA_PORT)).isEqualTo("the default");
    }

    @Test
    void load_whenAllSourcesSetAKey_definitionWins() throws IOException {
        loader.define("store.memory=30m")
                .environment(Map.of("LARDER_STORE_MEMORY", "20m"))
                .file(file("store.memory = 10m"));

        Configuration configuration = loader.load();

        assertThat(configuration.get(Keys.STORE_MEMORY)).isEqualTo(30 * MIB);
        assertThat(configuration.origin(Keys.STORE_MEMORY)).isEqualTo("-D");
        assertThat(configuration.text(Keys.STORE_MEMORY)).isEqualTo("30m");
    }

    @Test
    void load_whenFileAndEnvironmentSetAKey_environmentWins() throws IOException {
        loader.environment(Map.of("LARDER_STORE_MEMORY", " 20m "))
                .file(file("store.memory = 10m\nlisteners.data.port=1"));

        Configuration configuration = loader.load();

        assertThat(configuration.get(Keys.STORE_MEMORY)).isEqualTo(20 * MIB);
        assertThat(configuration.origin(Keys.STORE_MEMORY))
                .isEqualTo("the environment, LARDER_STORE_MEMORY");
        assertThat(configuration.get(Keys.DATA_PORT)).isEqualTo(1);
        assertThat(configuration.origin(Keys.DATA_PORT)).endsWith("larder.conf line 2");
    }

    @Test
    void load_whenDefinedTwice_lastWins() {
        loader.define("store.memory=10m").define(" store.memory = 20m ");

        assertThat(loader.load().get(Keys.STORE_MEMORY)).isEqualTo(20 * MIB);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKey_hasItsOwnEnvironmentName(ConfigKey<?> key) {
        Configuration configuration =
                loader.environment(Map.of(key.environmentName(), key.defaultText())).load();

        assertThat(configuration.origin(key)).contains(key.environmentName());
        assertThat(key.environmentName()).matches("LARDER(_[A-Z]+)+");
        assertThat(key.name()).matches("[a-z]+([.-][a-z]+)+");
    }

    static Iterable<ConfigKey<?>> keys() {
        return Keys.all();
    }

    @Test
    void file_withCommentsContinuationsAndSpaces_isRead() throws IOException {
        loader.file(
                file(
                        "# a comment that ends in a backslash \\",
                        "! another",
                        "",
                        "  store.memory : \\",
                        "      16m  ",
                        "listeners.data.host localhost",
                        "listeners.admin.host=\\u0061.example"));

        Configuration configuration = loader.load();

        assertThat(configuration.get(Keys.STORE_MEMORY)).isEqualTo(16 * MIB);
        assertThat(configuration.origin(Keys.STORE_MEMORY)).endsWith("larder.conf line 4");
        assertThat(configuration.get(Keys.DATA_HOST)).isEqualTo("localhost");
        assertThat(configuration.origin(Keys.DATA_HOST)).endsWith("line 6");
        assertThat(configuration.get(Keys.ADMIN_HOST)).isEqualTo("a.example");
    }

    @Test
    void file_withDuplicateKey_namesBothLines() throws IOException {
        Path file = file("store.memory=10m", "", "store.memory=20m");

        assertThatThrownBy(() -> loader.file(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "store.memory: \"20m\" from "
                                + file
                                + " line 3 (expected: one line for"
                                + " each key; line 1 sets it too)");
    }

    @Test
    void file_withBadEscape_isNamed() throws IOException {
        Path file = file("store.memory=\\u00zz");

        assertThatThrownBy(() -> loader.file(file))
                .hasMessageContaining("line 1 (expected: \\u and four hexadecimal digits)");
    }

    @Test
    void file_thatIsMissingOrADirectoryOrNoText_isNamed() throws IOException {
        Path missing = directory.resolve("missing.conf");
        Path binary = directory.resolve("binary.conf");
        Files.write(binary, new byte[] {(byte) 0xFF, (byte) 0xFE, 0});

        assertThatThrownBy(() -> loader.file(missing))
                .hasMessage("no such configuration file: " + missing);
        assertThatThrownBy(() -> loader.file(directory))
                .hasMessageStartingWith("cannot read the configuration file " + directory);
        assertThatThrownBy(() -> loader.file(binary))
                .hasMessageStartingWith("cannot read the configuration file " + binary);
    }

    @Test
    void unknownKey_inFile_isNamedWithLineAndNearest() throws IOException {
        Path file = file("", "store.memroy = 64m");
        loader.file(file);

        assertThatThrownBy(loader::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "unknown key store.memroy: \"64m\" from "
                                + file
                                + " line 2 (expected: perhaps store.memory)");
    }

    @Test
    void unknownKey_defined_isNamed() {
        loader.define("listeners.data.prot=1");

        assertThatThrownBy(loader::load)
                .hasMessage(
                        "unknown key listeners.data.prot: \"1\" from -D"
                                + " (expected: perhaps listeners.data.port)");
    }

    @Test
    void unknownKey_likeNoOther_isNamedWithoutSuggestion() {
        loader.define("qqq=1");

        assertThatThrownBy(loader::load)
                .hasMessage("unknown key qqq: \"1\" from -D (expected: a key of conf/larder.conf)");
    }

    @Test
    void unknownVariable_isNamedWithNearest() {
        assertThatThrownBy(() -> loader.environment(Map.of("LARDER_STORE_MEMROY", "64m")))
                .hasMessage(
                        "unknown key LARDER_STORE_MEMROY: \"64m\" from the environment"
                                + " (expected: perhaps LARDER_STORE_MEMORY)");
    }

    @Test
    void variables_ofLauncherAndKubernetesAndOthers_areLeftAlone() {
        Map<String, String> environment =
                Map.of(
                        "PATH", "/bin",
                        "LARDER_JAVA_HOME", "/usr",
                        "LARDER_JAVA_OPTS", "-Xmx1g",
                        "LARDER_MAVEN_ARGS", "-o",
                        "LARDER_SERVICE_HOST", "10.0.0.1",
                        "LARDER_ADMIN_SERVICE_PORT_TELNET", "7171",
                        "LARDER_PORT", "tcp://10.0.0.1:7170",
                        "LARDER_PORT_7170_TCP_ADDR", "10.0.0.1");

        assertThatCode(() -> loader.environment(environment).load()).doesNotThrowAnyException();
    }

    @Test
    void variable_thatOnlyLooksLikeKubernetes_isNamed() {
        assertThatThrownBy(() -> loader.environment(Map.of("LARDER_LISTENER_DATA_PORT", "7170")))
                .hasMessageContaining("perhaps LARDER_LISTENERS_DATA_PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3m", "4194303", "-1", "64 megabytes", "", "0"})
    void badMemory_fromAnySource_isNamedWithWhatWasExpected(String text) throws IOException {
        String expected = "(expected: a size of 4m..2t, as 64m, 4g or bytes, or a share as 50%)";
        Path file = file("store.memory=" + text);

        assertThatThrownBy(() -> new ConfigurationLoader().file(file).load())
                .hasMessage("store.memory: \"" + text + "\" from " + file + " line 1 " + expected);
        assertThatThrownBy(() -> new ConfigurationLoader().define("store.memory=" + text).load())
                .hasMessage("store.memory: \"" + text + "\" from -D " + expected);
        assertThatThrownBy(
                        () ->
                                new ConfigurationLoader()
                                        .environment(Map.of("LARDER_STORE_MEMORY", text))
                                        .load())
                .hasMessage(
                        "store.memory: \""
                                + text
                                + "\" from the environment, LARDER_STORE_MEMORY "
                                + expected);
    }

    @Test
    void badValue_thatIsOverridden_isStillNamed() {
        loader.define("listeners.data.port=70000").define("listeners.data.port=7000");

        assertThatThrownBy(loader::load)
                .hasMessage(
                        "listeners.data.port: \"70000\" from -D"
                                + " (expected: a port of 0..65535)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "memcached", "larder,", "larder,redis", "larder,resp,resp"})
    void badProtocols_areNamedWithWhatWasExpected(String text) {
        loader.define("listeners.data.protocols=" + text);

        assertThatThrownBy(loader::load)
                .hasMessageContaining("listeners.data.protocols")
                .hasMessageContaining(
                        "(expected: larder, and any of memcached, resp, parted by commas)");
    }

    @Test
    void protocols_mayHaveBlanksAround() throws Exception {
        loader.define("listeners.data.protocols=resp, larder");

        assertThat(loader.load().get(Keys.DATA_PROTOCOLS)).containsExactly("resp", "larder");
    }

    @Test
    void badValue_withControlCharacters_staysOneLine() {
        loader.define("listeners.data.host=a\nb\u001b[31m" + "x".repeat(500));

        assertThatThrownBy(loader::load)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250))
                .satisfies(e -> assertThat(e.getMessage()).matches("\\P{Cntrl}*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "store.memory", "=64m"})
    void definition_withoutKeyOrValue_isNamed(String definition) {
        assertThatThrownBy(() -> loader.define(definition))
                .isInstanceOf(ConfigException.class)
                .hasMessage("-D " + definition + " (expected: key=value, as -D store.memory=64m)");
    }

    @Test
    void watermarks_crossed_areNamed() {
        loader.define("limits.write-low-watermark=1m");

        assertThatThrownBy(loader::load)
                .hasMessage(
                        "limits.write-low-watermark: \"1m\" from -D (expected: at most"
                                + " limits.write-high-watermark, which is 512k)");
    }

    @Test
    void memoryMax_belowTheMemory_isNamed() {
        loader.define("store.memory=64m").define("store.memory.max=32m");

        assertThatThrownBy(loader::load)
                .hasMessage(
                        "store.memory.max: \"32m\" from -D (expected: 0, or at least"
                                + " store.memory, which is 64m)");
    }

    private Path file(String... lines) throws IOException {
        Path file = directory.resolve("larder.conf");
        Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
        return file;
    }

    // ---- regions

    @Test
    void region_settingsOfAnyName_areReadWithTheRestByDefault() throws IOException {
        Configuration configuration =
                loader.file(file("region.user.sessions.ttl = 30m\nregion.user.sessions.quota=1m"))
                        .environment(Map.of("LARDER_REGION_CARTS_MAX_IDLE", "5s"))
                        .define("region.user.sessions.ttl=1m")
                        .load();

        assertThat(configuration.regions()).containsExactly("carts", "user.sessions");
        assertThat(configuration.get(RegionKeys.ttl("user.sessions"))).isEqualTo(60_000);
        assertThat(configuration.get(RegionKeys.quota("user.sessions"))).isEqualTo(MIB);
        assertThat(configuration.get(RegionKeys.evict("user.sessions"))).isEqualTo("normal");
        assertThat(configuration.get(RegionKeys.maxIdle("carts"))).isEqualTo(5_000);
    }

    @Test
    void region_unknownOrBad_isNamed() {
        assertThatThrownBy(() -> new ConfigurationLoader().define("region.a.tll=1s").load())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key region.a.tll")
                .hasMessageContaining("perhaps region.a.ttl");
        assertThatThrownBy(() -> new ConfigurationLoader().define("region.A.ttl=1s").load())
                .hasMessageContaining("unknown key region.A.ttl");
        assertThatThrownBy(() -> new ConfigurationLoader().define("region.a.ttl=soon").load())
                .hasMessageContaining("region.a.ttl")
                .hasMessageContaining("a time of 0..");
        assertThatThrownBy(() -> new ConfigurationLoader().define("region.a.evict=often").load())
                .hasMessageContaining("normal or never");
    }

    @Test
    void region_neverEvicted_needsAQuota_andAllOfThemLeaveRoom() {
        assertThatThrownBy(() -> new ConfigurationLoader().define("region.a.evict=never").load())
                .hasMessageContaining("region.a.evict")
                .hasMessageContaining("unless region.a.quota is set");
        ConfigurationLoader two =
                new ConfigurationLoader()
                        .define("store.memory=100m")
                        .define("region.a.evict=never")
                        .define("region.a.quota=40m")
                        .define("region.b.evict=never");

        assertThatCode(() -> two.define("region.b.quota=39m").load()).doesNotThrowAnyException();
        assertThatThrownBy(() -> two.define("region.b.quota=41m").load())
                .hasMessageContaining("region.b.quota")
                .hasMessageContaining("at most 80% of store.memory, which is 83886080 bytes");
    }
}
