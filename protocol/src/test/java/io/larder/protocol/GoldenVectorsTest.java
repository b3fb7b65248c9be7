package io.larder.protocol;

import static io.larder.protocol.DecoderFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenVectorsTest {
    private static final Path DIRECTORY =
            Path.of(System.getProperty("basedir", "."), "src/test/resources/golden");

    static List<GoldenVector> all() {
        return GoldenVectors.all();
    }

    static Stream<GoldenVector> wholeRequests() {
        return all().stream()
                .filter(vector -> !vector.name().startsWith("fatal_"))
                .filter(vector -> !vector.name().startsWith("push_"))
                .filter(vector -> !vector.name().equals("error_tooLarge"));
    }

    @Test
    void index_namesEveryFileAndEveryFileItself() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(file -> file.endsWith(".hex"))
                                    .map(file -> file.substring(0, file.length() - 4)))
                    .containsExactlyInAnyOrderElementsOf(
                            all().stream().map(GoldenVector::name).toList());
        }
        assertThat(all()).allMatch(vector -> !vector.comment().isEmpty());
    }

    @Test
    void load_whatIsNotHex_isRefused() {
        assertThatThrownBy(() -> GoldenVectors.load("nothing"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GoldenVectors.parse("name: x\nrequest:\nD1 1\n"))
                .hasMessage("octet: 1 (expected: two hex digits)");
        assertThatThrownBy(() -> GoldenVectors.parse("D1\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<GoldenVector> knownRequests() {
        return wholeRequests().filter(vector -> !vector.name().equals("error_unknownOpcode"));
    }

    @ParameterizedTest
    @MethodSource("knownRequests")
    void request_isOneFrameOfAKnownOpcodeThatTakesItsFlags(GoldenVector vector) {
        try (DecoderFixture fixture = new DecoderFixture(FrameDirection.TO_SERVER)) {
            fixture.read(vector.request());
            assertThat(fixture.listener.frames).containsExactly(hex(vector.request()));
        }
        withBytes(
                vector.request(),
                frame -> {
                    Opcode opcode = Opcode.of(FrameHeader.opcode(frame, 0));
                    assertThat(opcode).isNotNull();
                    assertThat(RequestFlag.refused(opcode, FrameHeader.flags(frame, 0))).isZero();
                });
    }

    @ParameterizedTest
    @MethodSource("all")
    void reply_isOneFrameOfAKnownStatusWithSoundExtensions(GoldenVector vector) {
        try (DecoderFixture fixture = new DecoderFixture(FrameDirection.TO_CLIENT)) {
            fixture.read(vector.reply());
            boolean quiet = vector.reply().length == 0;
            assertThat(fixture.listener.frames).hasSize(quiet ? 0 : 1);
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
        }
        if (vector.reply().length > 0) {
            withBytes(
                    vector.reply(),
                    frame -> {
                        assertThat(Status.of(FrameHeader.status(frame, 0))).isNotNull();
                        Extensions extensions =
                                new Extensions()
                                        .wrap(frame, 24, FrameHeader.extensionBytes(frame, 0));
                        Extensions.Step step = extensions.next();
                        while (step == Extensions.Step.ENTRY) {
                            step = extensions.next();
                        }
                        assertThat(step).isEqualTo(Extensions.Step.END);
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("wholeRequests")
    void reply_repeatsOpcodeAndIdOfItsRequest(GoldenVector vector) {
        if (vector.reply().length > 0) {
            withBytes(
                    vector.request(),
                    request ->
                            withBytes(
                                    vector.reply(),
                                    reply -> {
                                        assertThat(FrameHeader.opcode(reply, 0))
                                                .isEqualTo(FrameHeader.opcode(request, 0));
                                        assertThat(FrameHeader.requestId(reply, 0))
                                                .isEqualTo(FrameHeader.requestId(request, 0));
                                    }));
        }
    }

    @Test
    void hello_isWhatTheRecordsWrite() {
        GoldenVector vector = GoldenVectors.load("hello");
        HelloRequest request = new HelloRequest(1, 1, "demo", List.of("trace"));
        HelloResponse response =
                new HelloResponse(1, HelloLimits.DEFAULT, 0x0102030405060708L, "0.1.0", List.of());
        withBytes(
                vector.request(),
                frame ->
                        assertThat(
                                        HelloRequest.read(
                                                frame,
                                                FrameHeader.valueOffset(frame, 0),
                                                FrameHeader.valueBytes(frame, 0)))
                                .isEqualTo(request));
        withBytes(
                vector.reply(),
                frame ->
                        assertThat(
                                        HelloResponse.read(
                                                frame,
                                                FrameHeader.valueOffset(frame, 0),
                                                FrameHeader.valueBytes(frame, 0)))
                                .isEqualTo(response));
        assertWritten(
                vector.request(),
                out -> {
                    out.writeZero(24);
                    request.write(out);
                    FrameHeader.putRequest(out, 0, Opcode.HELLO.code(), 0, 1);
                    FrameHeader.putLengths(out, 0, 0, 0, out.writerIndex() - 24);
                });
        assertWritten(
                vector.reply(),
                out -> {
                    out.writeZero(24);
                    response.write(out);
                    FrameHeader.putResponse(out, 0, Opcode.HELLO.code(), Status.OK, 1);
                    FrameHeader.putLengths(out, 0, 0, 0, out.writerIndex() - 24);
                });
    }

    @Test
    void getMeta_isWhatTheWritersWrite() {
        GoldenVector vector = GoldenVectors.load("get_meta");
        int flags = RequestFlag.RETURN_META | RequestFlag.NO_TOUCH;
        assertWritten(
                vector.request(),
                out -> {
                    out.writeZero(24).writeByte('k');
                    FrameHeader.putRequest(out, 0, Opcode.GET.code(), flags, 5);
                    FrameHeader.putRegion(out, 0, 7);
                    FrameHeader.putLengths(out, 0, 0, 1, 0);
                });
        assertWritten(
                vector.reply(),
                out -> {
                    out.writeZero(24);
                    Extensions.writeInt(out, ExtensionType.CLIENT_FLAGS, 0xCAFEBABE);
                    Extensions.writeByte(out, ExtensionType.FORMAT, 0x21);
                    Extensions.writeLong(out, ExtensionType.VERSION, 0x0123456789ABL);
                    Extensions.writeLong(out, ExtensionType.EXPIRES_IN, 1500);
                    int extensionBytes = out.writerIndex() - 24;
                    out.writeByte('v');
                    FrameHeader.putResponse(out, 0, Opcode.GET.code(), Status.OK, 5);
                    FrameHeader.putLengths(out, 0, extensionBytes, 0, 1);
                });
    }

    @Test
    void getMiss_carriesDeadlineAndServerTime() {
        GoldenVector vector = GoldenVectors.load("get_miss");
        withBytes(
                vector.request(),
                frame -> assertThat(FrameHeader.deadlineMillis(frame, 0)).isEqualTo(250));
        assertWritten(
                vector.reply(),
                out -> {
                    out.writeZero(24);
                    FrameHeader.putResponse(out, 0, Opcode.GET.code(), Status.MISS, 3);
                    FrameHeader.putServerTime(out, 0, 17);
                });
    }

    @Test
    void errors_areWhatErrorBodyWrites() {
        Map<String, ErrorBody> errors =
                Map.of(
                        "error_tooLarge",
                                ErrorBody.of("bodyLength", 4294967295L, "0..1053695")
                                        .withLimit(1053695),
                        "error_keyLength", ErrorBody.of("keyLength", 0, "1..4095").withLimit(4095),
                        "error_busy",
                                ErrorBody.of("free segments", 0, "from 1").withRetryAfterMillis(50),
                        "increment_notANumber", ErrorBody.of("value", "v", "a decimal number"));
        errors.forEach(
                (name, error) ->
                        withBytes(
                                GoldenVectors.load(name).reply(),
                                frame -> {
                                    assertThat(ErrorBody.read(frame, 0)).isEqualTo(error);
                                    int opcode = FrameHeader.opcode(frame, 0);
                                    int requestId = FrameHeader.requestId(frame, 0);
                                    Status status = Status.of(FrameHeader.status(frame, 0));
                                    assertWritten(
                                            ByteBufUtil.getBytes(frame),
                                            out ->
                                                    error.writeResponse(
                                                            out, opcode, status, requestId));
                                }));
    }

    @Test
    void pushes_areWhatTheWritersWrite() {
        assertPush(
                "push_invalidate",
                out -> {
                    out.writeZero(24).writeByte('k');
                    FrameHeader.putPush(out, 0, Opcode.INVALIDATE.code(), 1);
                    FrameHeader.putLengths(out, 0, 0, 1, 0);
                });
        assertPush(
                "push_invalidateAll",
                out -> {
                    out.writeZero(24).writeByte(PushBody.SCOPE_REGION);
                    FrameHeader.putPush(out, 0, Opcode.INVALIDATE_ALL.code(), 1);
                    FrameHeader.putRegion(out, 0, 1);
                    FrameHeader.putLengths(out, 0, 0, 0, PushBody.SCOPE_BYTES);
                });
        assertPush(
                "push_hotKey",
                out -> {
                    out.writeZero(24).writeByte('k').writeInt(5);
                    FrameHeader.putPush(out, 0, Opcode.HOT_KEY.code(), 1);
                    FrameHeader.putLengths(out, 0, 0, 1, PushBody.KEEP_BYTES);
                });
    }

    private static void assertPush(String name, Consumer<ByteBuf> writer) {
        assertThat(GoldenVectors.load(name).request()).isEmpty();
        assertWritten(GoldenVectors.load(name).reply(), writer);
    }

    @Test
    void batchMixed_holdsFourRequestsAndThreeReplies() {
        GoldenVector vector = GoldenVectors.load("batch_mixed");
        withBytes(
                vector.request(),
                frame ->
                        assertThat(count(new BatchFrames(FrameDirection.TO_SERVER), frame))
                                .isEqualTo(4));
        withBytes(
                vector.reply(),
                frame ->
                        assertThat(count(new BatchFrames(FrameDirection.TO_CLIENT), frame))
                                .isEqualTo(3));
    }

    @Test
    void exportPage_isWhatTheRecordsWrite() {
        byte[] key = {'u', 's', 'e', 'r', ':', '1'};
        ExportReply.Item item =
                new ExportReply.Item(
                        ExportReply.NEVER,
                        ExportReply.NEVER,
                        0,
                        0,
                        0,
                        false,
                        key,
                        new byte[] {'v'});
        byte[] reply = GoldenVectors.load("export_page").reply();
        assertWritten(
                reply,
                out -> {
                    out.writeZero(24);
                    new ExportReply(0, 0, "default", List.of(item)).write(out);
                    FrameHeader.putResponse(out, 0, Opcode.EXPORT.code(), Status.OK, 27);
                    FrameHeader.putLengths(out, 0, 0, 0, out.writerIndex() - 24);
                });
        withBytes(
                reply,
                frame -> {
                    ExportReply read =
                            ExportReply.read(
                                    frame,
                                    FrameHeader.valueOffset(frame, 0),
                                    FrameHeader.valueBytes(frame, 0));
                    assertThat(read.region()).isEqualTo("default");
                    assertThat(read.items()).hasSize(1);
                    assertThat(read.items().get(0).key()).isEqualTo(key);
                    assertThat(read.items().get(0).value()).isEqualTo(new byte[] {'v'});
                });
    }

    @Test
    void scanPage_isWhatTheRecordsWrite() {
        GoldenVector vector = GoldenVectors.load("scan_page");
        withBytes(
                vector.request(),
                frame ->
                        assertThat(
                                        ScanRequest.read(
                                                frame,
                                                FrameHeader.valueOffset(frame, 0),
                                                FrameHeader.valueBytes(frame, 0)))
                                .isEqualTo(new ScanRequest(0, 2)));
        byte[] first = {'u', 's', 'e', 'r', ':', '1'};
        byte[] second = {'u', 's', 'e', 'r', ':', '2'};
        assertWritten(
                vector.reply(),
                out -> {
                    out.writeZero(24);
                    new ScanReply(0x8000000000000001L, List.of(first, second)).write(out);
                    FrameHeader.putResponse(out, 0, Opcode.SCAN.code(), Status.OK, 25);
                    FrameHeader.putLengths(out, 0, 0, 0, out.writerIndex() - 24);
                });
    }

    @Test
    void fatals_areWhatTheDecoderReports() {
        Map.of("fatal_badMagic", Status.BAD_MAGIC, "fatal_badFrame", Status.BAD_FRAME)
                .forEach(
                        (name, status) -> {
                            GoldenVector vector = GoldenVectors.load(name);
                            try (DecoderFixture fixture = new DecoderFixture()) {
                                fixture.read(vector.request());
                                assertThat(fixture.listener.malformed).containsExactly(status);
                                String text = fixture.listener.expectations.get(0);
                                assertWritten(
                                        vector.reply(),
                                        out -> ErrorBody.of(text).writeResponse(out, 0, status, 0));
                            }
                        });
    }

    private static int count(BatchFrames frames, ByteBuf frame) {
        return frames.count(
                frame, FrameHeader.valueOffset(frame, 0), FrameHeader.valueBytes(frame, 0), 100);
    }

    private static void withBytes(byte[] bytes, Consumer<ByteBuf> test) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        try {
            test.accept(buffer);
        } finally {
            buffer.release();
        }
    }

    private static void assertWritten(byte[] expected, Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.directBuffer();
        try {
            writer.accept(out);
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex(expected));
        } finally {
            out.release();
        }
    }
}
