package io.larder.protocol;

import static io.larder.protocol.Extensions.Step.END;
import static io.larder.protocol.Extensions.Step.ENTRY;
import static io.larder.protocol.Extensions.Step.MALFORMED;
import static io.larder.protocol.Extensions.Step.UNKNOWN_CRITICAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtensionsTest {
    private final ByteBuf buffer = Unpooled.buffer();
    private final Extensions extensions = new Extensions();

    @AfterEach
    void release() {
        assertThat(buffer.release()).isTrue();
    }

    @Test
    void next_everyFixedTypeAtItsEdges_isReadBack() {
        for (ExtensionType type : ExtensionType.values()) {
            for (long value : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
                buffer.clear();
                switch (type.valueBytes()) {
                    case 8 -> Extensions.writeLong(buffer, type, value);
                    case 4 -> Extensions.writeInt(buffer, type, (int) value);
                    case 1 -> Extensions.writeByte(buffer, type, (int) value);
                    default -> {
                        continue;
                    }
                }
                assertThat(buffer.readableBytes()).isEqualTo(type.encodedBytes());
                assertThat(wrapAll().next()).isEqualTo(ENTRY);
                assertThat(extensions.type()).isEqualTo(type);
                assertThat(extensions.code()).isEqualTo(type.code());
                assertThat(extensions.valueLength()).isEqualTo(type.valueBytes());
                switch (type.valueBytes()) {
                    case 8 -> assertThat(extensions.longValue()).isEqualTo(value);
                    case 4 -> assertThat(extensions.intValue()).isEqualTo((int) value);
                    default -> assertThat(extensions.byteValue()).isEqualTo((int) value & 0xFF);
                }
                assertThat(extensions.next()).isEqualTo(END);
            }
        }
    }

    @Test
    void next_nothing_isTheEnd() {
        assertThat(wrapAll().next()).isEqualTo(END);
        assertThat(extensions.next()).isEqualTo(END);
        assertThat(new Extensions().next()).isEqualTo(END);
    }

    @Test
    void next_unknownType_isSkippedUnlessCritical() {
        hex("7f0003aabbcc" + "85000400000007" + "7f0000");
        assertThat(wrapAll().next()).isEqualTo(ENTRY);
        assertThat(extensions.type()).isEqualTo(ExtensionType.CLIENT_FLAGS);
        assertThat(extensions.valueOffset()).isEqualTo(9);
        assertThat(extensions.intValue()).isEqualTo(7);
        assertThat(extensions.next()).isEqualTo(END);

        hex("ff0000" + "85000400000007");
        assertThat(wrapAll().next()).isEqualTo(UNKNOWN_CRITICAL);
        assertThat(extensions.code()).isEqualTo(0xFF);
        assertThat(extensions.next()).isEqualTo(UNKNOWN_CRITICAL);
    }

    @Test
    void next_lengthBeyondTheSection_isMalformed() {
        for (String bytes :
                List.of(
                        "7f",
                        "7f00",
                        "7f0001",
                        "7fffffaa",
                        "7f8000",
                        "8500040000",
                        "810008000000")) {
            hex(bytes);
            assertThat(wrapAll().next()).as(bytes).isEqualTo(MALFORMED);
            assertThat(extensions.next()).as(bytes).isEqualTo(MALFORMED);
        }
    }

    @Test
    void next_sectionEndWithinTheBuffer_isRespected() {
        hex("85000400000007");
        assertThat(extensions.wrap(buffer, 0, 6).next()).isEqualTo(MALFORMED);
    }

    @Test
    void next_knownTypeOfAnotherLength_isMalformed() {
        hex("8500080000000000000007");
        assertThat(wrapAll().next()).isEqualTo(MALFORMED);
        assertThat(extensions.code()).isEqualTo(ExtensionType.CLIENT_FLAGS.code());
    }

    @Test
    void next_knownTypeTwice_isMalformedAndWrapForgets() {
        hex("86000101" + "86000102");
        assertThat(wrapAll().next()).isEqualTo(ENTRY);
        assertThat(extensions.next()).isEqualTo(MALFORMED);
        assertThat(wrapAll().next()).isEqualTo(ENTRY);
    }

    @Test
    void writeTags_eachAfterItsLength_andBounded() {
        Extensions.writeTags(buffer, List.of("a", "é"));
        assertThat(ByteBufUtil.hexDump(buffer)).isEqualTo("890005" + "0161" + "02c3a9");
        assertThat(wrapAll().next()).isEqualTo(ENTRY);
        assertThat(buffer.toString(extensions.valueOffset() + 1, 1, StandardCharsets.UTF_8))
                .isEqualTo("a");

        assertThatThrownBy(() -> Extensions.writeTags(buffer, Collections.nCopies(9, "x")))
                .hasMessage("tags: 9 (expected: 0..8)");
        assertThatThrownBy(() -> Extensions.writeTags(buffer, List.of("x".repeat(65))))
                .hasMessage("tagBytes: 65 (expected: 1..64)");
        assertThatThrownBy(() -> Extensions.writeTags(buffer, List.of("")))
                .hasMessage("tagBytes: 0 (expected: 1..64)");
    }

    @Test
    void largestSection_fitsTheLimit() {
        for (ExtensionType type : ExtensionType.values()) {
            if (type == ExtensionType.TAGS) {
                Extensions.writeTags(buffer, Collections.nCopies(8, "t".repeat(64)));
            } else {
                buffer.writeZero(type.encodedBytes());
            }
        }
        assertThat(buffer.readableBytes()).isLessThan(ProtocolLimits.EXTENSION_BYTES_MAX);
    }

    private Extensions wrapAll() {
        return extensions.wrap(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    private void hex(String bytes) {
        buffer.clear().writeBytes(ByteBufUtil.decodeHexDump(bytes));
    }
}
