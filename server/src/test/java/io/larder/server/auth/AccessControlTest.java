package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessControlTest {
    private static final Origin HERE = Origin.at("10.0.0.1:1000");

    @TempDir private Path directory;

    private final AtomicLong nanos = new AtomicLong(TimeUnit.DAYS.toNanos(1));
    private Path file;
    private AccessControl control;

    @BeforeEach
    void readUsers() throws Exception {
        file =
                new UsersText()
                        .user("ada", "read,write", "orders:o/", "sessions")
                        .user("ops", "all", "*")
                        .userOfPassword("eve", "ada")
                        .write(directory.resolve("users"));
        control = AccessControl.of(file, nanos::get);
    }

    private Verdict token(String token) {
        return control.ofToken(token.getBytes(UTF_8), HERE);
    }

    @Test
    void token_ofAUser_isHis() {
        assertThat(token("ada").accepted().user()).isEqualTo("ada");
        assertThat(token("ops").accepted().rights().hasEverywhere(Right.OPERATE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"''", "'\n'", "'ada\n'", "ADA", "mallory"})
    void token_ofNobody_isRefused(String token) {
        assertThat(token(token).isAccepted()).isFalse();
    }

    @Test
    void token_ofAMebibyte_isRefused() {
        assertThat(control.ofToken(new byte[1 << 20], HERE).isAccepted()).isFalse();
    }

    @Test
    void certificate_ofAUser_isHis() {
        assertThat(control.ofCertificate("ada", HERE)).isNotNull();
        assertThat(control.ofCertificate("mallory", HERE)).isNull();
    }

    @Test
    void password_isTheUsersOwn() {
        assertThat(control.ofPassword("ada", "ada", HERE).isAccepted()).isTrue();
        assertThat(control.ofPassword("ada", "ops", HERE).isAccepted()).isFalse();
        assertThat(control.ofPassword("mallory", "ada", HERE).isAccepted()).isFalse();
        assertThat(control.ofPassword("ada", "", HERE).isAccepted()).isFalse();
    }

    @Test
    void guesses_areHeldBack_longerEachTime_andOnlyTheirs() {
        long longest = 0;
        for (int guess = 0; guess < BackOff.FREE; guess++) {
            assertThat(token("guess").retryAfterMillis()).isZero();
        }
        for (int guess = 0; guess < 12; guess++) {
            long wait = token("guess").retryAfterMillis();
            assertThat(wait).isBetween(Math.max(1, longest), BackOff.WAIT_MILLIS_MAX);
            longest = wait;
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(wait));
            assertThat(token("guess").retryAfterMillis()).isZero();
        }
        assertThat(longest).isEqualTo(BackOff.WAIT_MILLIS_MAX);
        assertThat(token("ada").isAccepted()).as("held back too, from there").isFalse();
        assertThat(control.ofToken("ada".getBytes(UTF_8), Origin.at("10.0.0.2:1")).isAccepted())
                .isTrue();
        assertThat(control.ofPassword("ada", "ada", HERE).isAccepted()).isTrue();

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(BackOff.FORGET_MILLIS));
        assertThat(token("ada").isAccepted()).isTrue();
    }

    @Test
    void backOff_remembersABoundedNumber() {
        BackOff backOff = new BackOff(nanos::get);
        for (int i = 0; i < BackOff.FREE; i++) {
            backOff.failed("first");
        }
        assertThat(backOff.waitMillis("first")).isPositive();
        for (int i = 0; i < BackOff.ENTRIES_MAX; i++) {
            backOff.failed("other" + i);
        }
        assertThat(backOff.waitMillis("first")).as("forgotten").isZero();
    }

    @Test
    void plainPasswords_areReckonedSoManyTimesASecond_knownOnesAlways() {
        assertThat(control.ofPassword("eve", "eve", HERE).isAccepted()).isTrue();
        int looked = 0;
        while (control.ofPassword("eve", "no", Origin.at("10.1.1." + looked + ":1"))
                        .retryAfterMillis()
                == 0) {
            looked++;
        }
        assertThat(looked).isEqualTo(PlainPasswords.CHECKS_PER_SECOND - 1);
        assertThat(control.ofPassword("eve", "eve", HERE).isAccepted()).isTrue();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(control.ofPassword("ops", "ops", HERE).isAccepted()).isTrue();
    }

    @Test
    void rights_areThoseOfTheRoles() {
        Rights ada = token("ada").accepted().rights();

        assertThat(ada.in("sessions").hasWhole(Right.READ.bit())).isTrue();
        assertThat(ada.in("sessions").hasWhole(Right.SCAN.bit())).isFalse();
        assertThat(ada.in("orders").hasWhole(Right.READ.bit())).isFalse();
        assertThat(has(ada, "o/1", Right.READ)).isTrue();
        assertThat(has(ada, "o/", Right.WRITE)).isTrue();
        assertThat(has(ada, "o", Right.READ)).isFalse();
        assertThat(has(ada, "p/1", Right.READ)).isFalse();
        assertThat(has(ada, "o/1", Right.CLEAR)).isFalse();
        assertThat(ada.in("others").hasAny()).isFalse();
        assertThat(ada.hasEverywhere(Right.READ)).isFalse();
    }

    private static boolean has(Rights rights, String key, Right right) {
        ByteBuf frame = Unpooled.copiedBuffer("--" + key, UTF_8);
        return rights.in("orders").has(right.bit(), frame, 2, frame.readableBytes() - 2);
    }

    @Test
    void file_readAgain_changesWhoIsWho_aBadOneDoesNot() throws Exception {
        Identity ada = token("ada").accepted();

        Files.writeString(file, "user ada");
        control.reload();
        assertThat(token("ops").isAccepted()).isTrue();
        assertThat(control.refreshed(ada)).isEqualTo(ada);

        new UsersText().user("ada", "read", "*").write(file);
        control.reload();
        assertThat(token("ops").isAccepted()).isFalse();
        assertThat(control.reading()).isNotEqualTo(ada.reading());
        assertThat(control.refreshed(ada).rights().hasEverywhere(Right.READ)).isTrue();

        new UsersText().user("eve", "read", "*").write(file);
        control.reload();
        assertThat(control.refreshed(ada)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | line 0: no user (expected: one at least)",
                "rule x                    | line 1: rule (expected: role or user)",
                "role x                    | line 1: role x (expected: role NAME RIGHTS PLACE",
                "role x reed *             | line 1: right: reed (expected: all, or some of read,write",
                "role x read UP            | line 1: region: UP (expected: * or a region's name)",
                "role x read a:%4          | line 1: prefix: %4 (expected: two hex digits after %)",
                "role x stats a            | line 1: stats in a (expected: in *, it is about",
                "user x roles=y token=a    | line 1: role: y (expected: one of a line before)",
                "user x token=a            | line 1: token (expected: sha256: and 64 hex digits",
                "user x password=secret    | line 1: password (expected: SCRAM-SHA-256$iterations",
                "user x secret             | line 1: user x: word 3 (expected: roles=, password=",
                "user x                    | line 1: user x (expected: a password, token or cert",
                "user /                    | line 1: user: no name (expected: 1 to 64 of letters",
            })
    void file_withAMistake_isRefused_namingItAndNoSecret(String text, String problem)
            throws Exception {
        Files.writeString(file, text);

        assertThatThrownBy(() -> AccessControl.of(file))
                .isInstanceOf(UsersException.class)
                .hasMessageStartingWith(file + " " + problem)
                .message()
                .doesNotContain("secret ", "=secret");
    }

    @Test
    void prefix_mayHaveAnyByte() throws Exception {
        Files.writeString(
                file, "role r read orders:a%20%00é\nuser u roles=r certificate=u # his own\n");
        Rights rights = AccessControl.of(file).ofCertificate("u", HERE).rights();

        assertThat(has(rights, "a \0é1", Right.READ)).isTrue();
        assertThat(has(rights, "a \0e1", Right.READ)).isFalse();
    }
}
