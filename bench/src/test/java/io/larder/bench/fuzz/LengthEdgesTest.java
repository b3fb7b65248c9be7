package io.larder.bench.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.compat.CompatFrontend;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.NetConfig;
import io.larder.server.region.RegionTable;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ValueSink;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lengths at the edges of what they can be, in every protocol: none makes more memory be taken than
 * was received, and 64 KiB; and what is sent as a body is never carried out as a request, whatever
 * its length was said to be. (memcached issues 1290 and 1306; CVE-2016-8704, 8705 and 8706.)
 */
@Timeout(120)
class LengthEdgesTest {
    private static final int SLACK_BYTES = 64 << 10;
    private static final String SMUGGLED = "smuggled";

    private final Services services = new Services();
    private final Memcached memcached = new Memcached(services.commands);
    private final Resp resp = new Resp(services.commands);

    @AfterEach
    void close() {
        assertThat(services.errors.count()).isZero();
        services.close();
    }

    private void data(Channel channel) {
        new BinaryFrontend(NetConfig.DEFAULT, services.dispatcher, services.errors).speak(channel);
    }

    private void memcached(Channel channel) {
        new CompatFrontend("memcached", NetConfig.DEFAULT, services.commands, memcached)
                .initialize(channel);
    }

    private void resp(Channel channel) {
        new CompatFrontend("resp", NetConfig.DEFAULT, services.commands, resp).initialize(channel);
    }

    /** Sends parts, each by itself, and holds what is allocated against what was sent. */
    private void send(Consumer<Channel> handlers, byte[]... parts) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        handlers.accept(channel);
        long received = 0;
        for (byte[] part : parts) {
            if (channel.isOpen()) {
                received += part.length;
                channel.writeInbound(channel.alloc().directBuffer(part.length).writeBytes(part));
                channel.runPendingTasks();
                Object reply = channel.readOutbound();
                while (reply != null) {
                    ReferenceCountUtil.release(reply);
                    reply = channel.readOutbound();
                }
                assertThat(
                                allocator.metric().usedDirectMemory()
                                        + allocator.metric().usedHeapMemory())
                        .isLessThanOrEqualTo(received + SLACK_BYTES);
            }
        }
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private boolean isStored(String key) {
        byte[] bytes = key.getBytes(ISO_8859_1);
        Key wanted =
                new Key()
                        .wrap(
                                services.store.store().hasher(),
                                services.regions.space(RegionTable.DEFAULT_ID),
                                bytes);
        ValueSink nobody =
                new ValueSink() {
                    @Override
                    public void accept(ItemView item) {
                        // whether it is there is all that is asked
                    }
                };
        return services.store.store().get(wanted, services.store.clock().nowMillis(), nobody)
                == ReadStatus.HIT;
    }

    @Test
    void frames_ofEveryBodyLength() {
        byte[] smuggled = Seeds.set(SMUGGLED);
        for (long bodyBytes : Mutator.EDGES) {
            for (int keyBytes : new int[] {0, 1, 4_095, 4_096, 32_768, 65_535}) {
                for (int extensionBytes : new int[] {0, 1, 1_024, 1_025, 32_768, 65_535}) {
                    byte[] header = Seeds.set("k");
                    ByteBuffer fields = ByteBuffer.wrap(header);
                    fields.putInt(12, (int) bodyBytes);
                    fields.putShort(6, (short) keyBytes).putShort(22, (short) extensionBytes);
                    byte[] only = ByteBuffer.allocate(24).put(header, 0, 24).array();
                    boolean isBody = Integer.toUnsignedLong((int) bodyBytes) >= smuggled.length;
                    if (isBody || keyBytes + extensionBytes > bodyBytes) {
                        send(this::data, Seeds.hello(), only, smuggled);
                        assertThat(isStored(SMUGGLED))
                                .as(bodyBytes + " " + keyBytes + " " + extensionBytes)
                                .isFalse();
                    } else {
                        send(this::data, Seeds.hello(), only);
                    }
                }
            }
        }
        send(this::data, Seeds.hello(), smuggled);
        assertThat(isStored(SMUGGLED)).isTrue(); // what is looked for can be found
        assertThat(ProtocolLimits.HEADER_BYTES).isEqualTo(24);
    }

    @Test
    void memcachedBinary_ofEveryLength() {
        byte[] smuggled = binarySet(SMUGGLED);
        for (int opcode : new int[] {0x00, 0x01, 0x04, 0x05, 0x0e, 0x19, 0x1d, 0x30, 0xff}) {
            for (long bodyBytes : Mutator.EDGES) {
                for (int keyBytes : new int[] {0, 1, 250, 251, 32_768, 65_535}) {
                    for (int extras : new int[] {0, 4, 8, 20, 128, 255}) {
                        ByteBuffer header = ByteBuffer.allocate(24);
                        header.put(0, (byte) 0x80).put(1, (byte) opcode);
                        header.putShort(2, (short) keyBytes).put(4, (byte) extras);
                        header.putInt(8, (int) bodyBytes);
                        if (Integer.toUnsignedLong((int) bodyBytes) >= smuggled.length
                                || keyBytes + extras > bodyBytes) {
                            send(this::memcached, header.array(), smuggled);
                            assertThat(isStored(SMUGGLED))
                                    .as(opcode + " " + bodyBytes + " " + keyBytes + " " + extras)
                                    .isFalse();
                        } else {
                            send(this::memcached, header.array());
                        }
                    }
                }
            }
        }
        send(this::memcached, smuggled);
        assertThat(isStored(SMUGGLED)).isTrue();
    }

    private static byte[] binarySet(String key) {
        ByteBuffer set = ByteBuffer.allocate(24 + 8 + key.length() + 1);
        set.put(0, (byte) 0x80).put(1, (byte) 0x01).putShort(2, (short) key.length());
        set.put(4, (byte) 8).putInt(8, 8 + key.length() + 1);
        set.put(32, key.getBytes(ISO_8859_1)).put(32 + key.length(), (byte) 'v');
        return set.array();
    }

    @Test
    void memcachedText_ofEveryLength() {
        byte[] smuggled = ("set " + SMUGGLED + " 0 0 1\r\nv\r\n").getBytes(ISO_8859_1);
        for (long bytes : Mutator.EDGES) {
            for (String line : List.of("set k 0 0 %d\r\n", "append k 0 0 %d\r\n", "ms k %d\r\n")) {
                byte[] first = String.format(line, bytes).getBytes(ISO_8859_1);
                if (bytes > smuggled.length && bytes <= Integer.MAX_VALUE - 2) {
                    send(this::memcached, first, smuggled);
                    assertThat(isStored(SMUGGLED)).as(line + bytes).isFalse();
                } else {
                    send(this::memcached, first, new byte[100]);
                }
            }
        }
        send(this::memcached, smuggled);
        assertThat(isStored(SMUGGLED)).isTrue();
    }

    @Test
    void resp_ofEveryLength() {
        byte[] smuggled =
                ("*3\r\n$3\r\nSET\r\n$8\r\n" + SMUGGLED + "\r\n$1\r\nv\r\n").getBytes(ISO_8859_1);
        for (long bytes : Mutator.EDGES) {
            for (String line :
                    List.of(
                            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\n",
                            "*2\r\n$3\r\nGET\r\n$%d\r\n")) {
                byte[] first = String.format(line, bytes).getBytes(ISO_8859_1);
                if (bytes > smuggled.length || bytes < 0) {
                    send(this::resp, first, smuggled);
                    assertThat(isStored(SMUGGLED)).as(line + bytes).isFalse();
                } else {
                    send(this::resp, first, new byte[100]);
                }
            }
            send(this::resp, ("*" + bytes + "\r\n").getBytes(ISO_8859_1), new byte[100]);
        }
        send(this::resp, smuggled);
        assertThat(isStored(SMUGGLED)).isTrue();
    }
}
