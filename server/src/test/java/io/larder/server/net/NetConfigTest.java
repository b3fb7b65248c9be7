package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NetConfigTest {
    @Test
    void default_isWithinItsOwnRanges() {
        assertThat(NetConfig.DEFAULT.connectionsMax()).isEqualTo(20_000);
        assertThat(NetConfig.DEFAULT.port()).isEqualTo(7170);
    }

    @Test
    void valuesOutOfRange_areNamed() {
        assertThatThrownBy(() -> config("127.0.0.1", 65_536, 1 << 20, 1 << 10))
                .hasMessage("port: 65536 (expected: 0..65535)");
        assertThatThrownBy(() -> config(" ", 0, 1 << 20, 1 << 10))
                .hasMessage("host: ' ' (expected: an address)");
        assertThatThrownBy(() -> config("127.0.0.1", 0, 1 << 20, 1 << 21))
                .hasMessage("writeLowWatermarkBytes: 2097152 (expected: 1..1048576)");
        assertThatThrownBy(() -> config("127.0.0.1", 0, 1, 1))
                .hasMessage("writeHighWatermarkBytes: 1 (expected: 4096..1073741824)");
    }

    private static NetConfig config(String host, int port, int high, int low) {
        return new NetConfig(host, port, 1, 1, 1, 1, 0, 0, high, low);
    }

    @Test
    void bind_toAPortInUse_namesFrontendAndAddress() throws IOException {
        Frontend frontend =
                new Frontend() {
                    @Override
                    public String name() {
                        return "data";
                    }

                    @Override
                    public void initialize(Channel channel) {}
                };
        try (NettyTransport transport = new NettyTransport(1, "test");
                BoundListener first = transport.bind(frontend, "127.0.0.1", 0)) {
            int port = first.address().getPort();
            assertThat(first.hostAndPort()).isEqualTo("127.0.0.1:" + port);
            assertThatThrownBy(() -> transport.bind(frontend, "127.0.0.1", port))
                    .isInstanceOf(IOException.class)
                    .hasMessage("data: cannot listen on 127.0.0.1:" + port);
            assertThatThrownBy(() -> transport.bind(frontend, "no.such.host.invalid", 0))
                    .isInstanceOf(IOException.class);
        }
    }
}
