package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "larder://127.0.0.1:7170, 127.0.0.1, 7170",
        "larder://cache.example.org:1, cache.example.org, 1",
        "larder://localhost, localhost, 7170",
        "larder://localhost/, localhost, 7170",
        "larder://[::1]:65535, ::1, 65535"
    })
    void parse_readsHostAndPort(String uri, String host, int port) {
        assertThat(ServerAddress.parse(uri)).isEqualTo(new ServerAddress(host, port));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:7170 | larder://HOST:PORT",
                "http://127.0.0.1:7170 | scheme larder",
                "larder:127.0.0.1 | larder://HOST:PORT",
                "larder:// | larder://HOST:PORT",
                "larder://a b:1 | larder://HOST:PORT",
                "larder://user@host:1 | larder://HOST:PORT",
                "larder://host:0 | port 1..65535",
                "larder://host:65536 | port 1..65535",
                "larder://host:1/users | nothing after the port",
                "larder://host:1?timeout=5 | nothing after the port"
            })
    void parse_ofSomethingElse_namesWhatWasExpected(String uri, String expected) {
        assertThatThrownBy(() -> ServerAddress.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("uri: " + uri + " (expected: ")
                .hasMessageContaining(expected);
    }

    @Test
    void parseAll_readsServersInTheirOrder() {
        assertThat(ServerAddress.parseAll("larder://one:1,two,[::1]:3"))
                .containsExactly(
                        new ServerAddress("one", 1),
                        new ServerAddress("two", 7170),
                        new ServerAddress("::1", 3));
        assertThat(ServerAddress.parseAll("larder://one:1"))
                .containsExactly(new ServerAddress("one", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one:1,two:1 | scheme larder",
                "larder://one:1,,two:1 | larder://HOST:PORT",
                "larder://one:1,two:0 | port 1..65535",
                "larder://one:7170,one | each server once"
            })
    void parseAll_ofSomethingElse_namesWhatWasExpected(String uri, String expected) {
        assertThatThrownBy(() -> ServerAddress.parseAll(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("uri: ")
                .hasMessageContaining(expected);
    }

    @Test
    void text_isHostAndPort() {
        assertThat(new ServerAddress("host", 7170)).hasToString("host:7170");
        assertThat(new ServerAddress("::1", 7170)).hasToString("[::1]:7170");
    }
}
