package io.larder.client.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagerSettingsTest {
    private final Properties properties = new Properties();

    private ManagerSettings settings() {
        return ManagerSettings.of(properties, getClass().getClassLoader());
    }

    @Test
    void withoutProperties_failsAndEncodesAfterTypes() {
        assertThat(settings().degrades()).isFalse();
        assertThat(settings().codecs()).isInstanceOf(TypeCodecs.class);
        assertThat(settings().requestTimeoutMillis()).isEqualTo(1_000);
    }

    @Test
    void propertiesOfOthers_areLeftAlone() {
        properties.setProperty("hibernate.cache.region.factory_class", "jcache");

        assertThat(settings().degrades()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "larder.jcache.when-unavailable, wait, fail or degrade",
        "larder.jcache.request-timeout-millis, 0, 1..86400000 milliseconds",
        "larder.jcache.lock-timeout-millis, soon, 1..86400000 milliseconds",
        "larder.jcache.codecs, java.lang.String, a CodecSource",
        "larder.jcache.codecs, no.such.Class, a CodecSource",
        "larder.jcache.codec, json, one of"
    })
    void wrongProperty_isNamedWithWhatWasExpected(String name, String value, String expected) {
        properties.setProperty(name, value);

        assertThatIllegalArgumentException()
                .isThrownBy(this::settings)
                .withMessageStartingWith(name)
                .withMessageContaining("(expected: " + expected);
    }
}
