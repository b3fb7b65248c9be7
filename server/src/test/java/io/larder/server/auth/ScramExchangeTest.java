package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.protocol.auth.ScramFields;
import io.larder.protocol.auth.ScramSha256;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
    private static final Origin HERE = Origin.at("10.0.0.1:1000");

    @TempDir private Path directory;

    private AccessControl control;

    @BeforeEach
    void readUsers() throws Exception {
        control = new UsersText().user("ada", "read", "*").control(directory.resolve("users"));
    }

    /** What a client that knows this password answers to a server's first message. */
    private static String last(String user, String password, String nonce, String serverFirst) {
        ScramFields fields = ScramFields.of(serverFirst);
        byte[] salted =
                ScramSha256.salted(password, fields.bytes('s'), Integer.parseInt(fields.get('i')));
        byte[] clientKey = ScramSha256.clientKey(salted);
        String without = "c=biws,r=" + fields.get('r');
        String signed = "n=" + user + ",r=" + nonce + ',' + serverFirst + ',' + without;
        byte[] proof = ScramSha256.proof(clientKey, ScramSha256.storedKey(clientKey), signed);
        return without + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    private Verdict exchange(String user, String password) {
        ScramExchange exchange = control.beginScram(HERE);
        String first = exchange.first(("n,,n=" + user + ",r=abc").getBytes(UTF_8));
        return exchange.last(last(user, password, "abc", first).getBytes(UTF_8));
    }

    /** The example of RFC 7677. */
    @Test
    void arithmetic_isThatOfTheSpecification() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        String signed =
                "n=user,r=rOprNGfwEbeRWgbNEkqO,"
                        + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                        + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] salted = ScramSha256.salted("pencil", salt, 4096);
        byte[] key = ScramSha256.clientKey(salted);

        assertThat(ScramSha256.proof(key, ScramSha256.storedKey(key), signed))
                .asBase64Encoded()
                .isEqualTo("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(ScramSha256.signature(ScramSha256.serverKey(salted), signed))
                .asBase64Encoded()
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void whoKnowsThePassword_isTheUser() {
        assertThat(exchange("ada", "ada").accepted().user()).isEqualTo("ada");
    }

    @Test
    void whoDoesNot_isRefused_andSoIsNobody() {
        assertThat(exchange("ada", "eve").isAccepted()).isFalse();
        assertThat(exchange("eve", "eve").isAccepted()).isFalse();
    }

    @Test
    void nobody_hasTheSameSaltEachTime() {
        String one = control.beginScram(HERE).first("n,,n=eve,r=a".getBytes(UTF_8));
        String two = control.beginScram(HERE).first("n,,n=eve,r=a".getBytes(UTF_8));

        assertThat(ScramFields.of(one).get('s')).isEqualTo(ScramFields.of(two).get('s'));
        assertThat(ScramFields.of(one).get('r')).isNotEqualTo(ScramFields.of(two).get('r'));
    }

    @Test
    void proof_ofAnotherExchange_isRefused() {
        ScramExchange one = control.beginScram(HERE);
        String first = one.first("n,,n=ada,r=abc".getBytes(UTF_8));
        String recorded = last("ada", "ada", "abc", first);
        assertThat(one.last(recorded.getBytes(UTF_8)).isAccepted()).isTrue();

        ScramExchange two = control.beginScram(HERE);
        String other = two.first("n,,n=ada,r=abc".getBytes(UTF_8));
        assertThat(other).isNotEqualTo(first);
        assertThatThrownBy(() -> two.last(recorded.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.last(recorded.getBytes(UTF_8)))
                .hasMessage("client-final message (expected: the first before)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                "n,,n=ada",
                "n,,r=abc",
                "y,,n=ada,r=a",
                "p=x,,n=ada,r=a",
                "n,a=eve,n=ada,r=a",
                "n,,n=a=b,r=a",
                "n,,n=ada,n=eve,r=a"
            })
    void first_malformed_isRefused(String message) {
        ScramExchange exchange = control.beginScram(HERE);

        assertThatThrownBy(() -> exchange.first(message.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void name_mayHaveAnySign() {
        assertThat(ScramFields.unescaped(ScramFields.escaped("a=2C,b"))).isEqualTo("a=2C,b");
    }
}
