package io.larder.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/users.sample} is what its comments say, read as a server reads it. */
class SampleUsersTest {
    private static final Path SAMPLE = Path.of("..", "conf", "users.sample");

    @TempDir private Path directory;

    @Test
    void sample_isRead_andItsUsersMayDoWhatItSays() throws Exception {
        Users users = UsersFile.read(SAMPLE);

        assertThat(users.count()).isEqualTo(4);
        Rights checkout = users.ofCertificate("checkout.example.org").rights();
        assertThat(checkout.in("sessions").hasWhole(Right.READ.bit() | Right.WRITE.bit())).isTrue();
        assertThat(has(checkout, "cart/7", Right.WRITE)).isTrue();
        assertThat(has(checkout, "card/7", Right.READ)).isFalse();
        assertThat(has(checkout, "cart/7", Right.CLEAR)).isFalse();
        Rights nightly = users.find("nightly").rights();
        assertThat(has(nightly, "k", Right.SCAN)).isTrue();
        assertThat(has(nightly, "k", Right.WRITE)).isFalse();
        assertThat(nightly.in("sessions").hasAny()).isFalse();
        Rights metrics = users.find("metrics").rights();
        assertThat(metrics.hasEverywhere(Right.STATS)).isTrue();
        assertThat(metrics.in("default").hasWhole(Right.READ.bit())).isFalse();
        assertThat(users.ofCertificate("ada.example.org").rights().hasEverywhere(Right.ALL))
                .isTrue();
    }

    private static boolean has(Rights rights, String key, Right right) {
        return rights.in("default")
                .has(right.bit(), Slice.of(key.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sample_takesALineOfLarderUser() throws Exception {
        NewUser.Token token = NewUser.token();
        Path copy = directory.resolve("users");
        Files.writeString(
                copy,
                Files.readString(SAMPLE) + NewUser.line("mine", "shop,reports", token.word()));

        Users users = UsersFile.read(copy);

        User mine = users.ofToken(token.token().getBytes(StandardCharsets.US_ASCII));
        assertThat(mine).isNotNull().isSameAs(users.find("mine"));
        assertThat(has(mine.rights(), "cart/7", Right.WRITE)).isTrue();
        assertThat(has(mine.rights(), "other", Right.READ)).isTrue();
        assertThat(has(mine.rights(), "other", Right.WRITE)).isFalse();
    }
}
