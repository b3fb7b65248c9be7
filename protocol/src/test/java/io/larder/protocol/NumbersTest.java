package io.larder.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Opcodes, statuses and flags: what follows from their numbers. */
class NumbersTest {
    @Test
    void opcodeOf_everyCode_isItselfOrNull() {
        int assigned = 0;
        for (int code = 0; code < 256; code++) {
            Opcode opcode = Opcode.of(code);
            if (opcode != null) {
                assertThat(opcode.code()).isEqualTo(code);
                assertThat(opcode.isPush()).isEqualTo(code >= 0x80);
                assigned++;
            }
        }
        assertThat(assigned).isEqualTo(Opcode.values().length);
        assertThat(Opcode.of(0)).isNull();
        assertThat(Opcode.of(0x110)).isEqualTo(Opcode.GET);
    }

    @Test
    void statusOf_everyCode_isItselfOrNull() {
        int assigned = 0;
        for (int code = 0; code < 256; code++) {
            Status status = Status.of(code);
            if (status != null) {
                assertThat(status.code()).isEqualTo(code);
                assigned++;
            }
        }
        assertThat(assigned).isEqualTo(Status.values().length);
        assertThat(Status.of(-1)).isNull();
    }

    @Test
    void extensionTypeOf_everyCode_isItselfOrNull() {
        int assigned = 0;
        for (int code = 0; code < 256; code++) {
            ExtensionType type = ExtensionType.of(code);
            if (type != null) {
                assertThat(type.code()).isEqualTo(code);
                assertThat(type.isCritical()).isEqualTo(code >= 0x80);
                assigned++;
            }
        }
        assertThat(assigned).isEqualTo(ExtensionType.values().length);
    }

    @Test
    void statusRange_everyCode_isExactlyOne() {
        for (int code = 0; code < 256; code++) {
            assertThat(Status.isOk(code)).isEqualTo(code < 0x10);
            assertThat(Status.isNegative(code)).isEqualTo(code >= 0x10 && code < 0x40);
            assertThat(Status.isError(code)).isEqualTo(code >= 0x40);
            assertThat(Status.isFatal(code)).isEqualTo(code >= 0xE0);
        }
    }

    @Test
    void status_retryable_areThoseWhereNothingWasDone() {
        assertThat(Status.values())
                .filteredOn(Status::isRetryable)
                .containsExactly(Status.BUSY, Status.SHUTTING_DOWN, Status.CONNECTION_LIMIT);
        assertThat(Status.MISS.isNegative()).isTrue();
        assertThat(Status.MISS.isError()).isFalse();
        assertThat(Status.OK.isOk()).isTrue();
        assertThat(Status.BAD_FRAME.isFatal()).isTrue();
    }

    @Test
    void refused_flagsOfTheOpcode_areNone() {
        assertThat(RequestFlag.refused(Opcode.GET, RequestFlag.QUIET | RequestFlag.NO_TOUCH))
                .isZero();
        assertThat(RequestFlag.refused(Opcode.SET, RequestFlag.NO_TOUCH))
                .isEqualTo(RequestFlag.NO_TOUCH);
    }

    @Test
    void refused_reservedAndUnknownFlags_areNamed() {
        int refused = RequestFlag.refused(Opcode.SET, 0x8000 | RequestFlag.TRACK | 1);
        assertThat(RequestFlag.describe(refused)).isEqualTo("TRACK|0x8000");
        assertThat(RequestFlag.describe(0)).isEqualTo("none");
    }

    @Test
    void idempotent_neverIncludesWhatAccumulates() {
        assertThat(Opcode.values())
                .filteredOn(Opcode::isIdempotent)
                .containsExactly(
                        Opcode.PING,
                        Opcode.NOOP,
                        Opcode.SYNC,
                        Opcode.GET,
                        Opcode.GET_AND_TOUCH,
                        Opcode.RELEASE,
                        Opcode.SET,
                        Opcode.DELETE,
                        Opcode.TOUCH,
                        Opcode.SCAN,
                        Opcode.EXPORT,
                        Opcode.OPEN_REGION,
                        Opcode.CLEAR,
                        Opcode.STATS);
    }

    @Test
    void batchable_areTheItemOperations() {
        assertThat(Opcode.values())
                .filteredOn(Opcode::isBatchable)
                .containsExactly(
                        Opcode.GET,
                        Opcode.GET_AND_TOUCH,
                        Opcode.RELEASE,
                        Opcode.SET,
                        Opcode.DELETE,
                        Opcode.TOUCH,
                        Opcode.INCREMENT,
                        Opcode.APPEND,
                        Opcode.PREPEND);
    }

    @Test
    void batchReplyReserve_holdsAnyWritesReply() {
        int largestWriteReply =
                ProtocolLimits.HEADER_BYTES
                        + IncrementReply.BYTES
                        + ExtensionType.VERSION.encodedBytes()
                        + ExtensionType.EXPIRES_IN.encodedBytes();
        assertThat(largestWriteReply).isLessThanOrEqualTo(ProtocolLimits.BATCH_REPLY_RESERVE_BYTES);
        assertThat(ProtocolLimits.BATCH_OPERATIONS_MAX * ProtocolLimits.BATCH_REPLY_RESERVE_BYTES)
                .isLessThanOrEqualTo(ProtocolLimits.BODY_BYTES_MAX_FLOOR);
    }
}
