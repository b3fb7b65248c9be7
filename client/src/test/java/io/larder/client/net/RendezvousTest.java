package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors were computed by another program from the text of PROTOCOL.md. */
class RendezvousTest {
    private static final List<String> HOSTS = List.of("cache-1", "cache-2", "cache-3");

    private static long hash(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        return Rendezvous.hash(bytes, bytes.length);
    }

    private static long weight(String key, String host) {
        return Rendezvous.weight(hash(key), Rendezvous.seed(new ServerAddress(host, 7170)));
    }

    private static String owner(String key, List<String> hosts) {
        String best = hosts.get(0);
        for (String host : hosts) {
            if (Long.compareUnsigned(weight(key, host), weight(key, best)) > 0) {
                best = host;
            }
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({
        "user:1, f7fd9aaa75081ceb, 24d8eeb6116740e9, 49458946e020ad78, 15262c108ee621ec, 1",
        "user:2, f7fd9baa75081e9e, 181e2889889a4217, c08dfaf9828a6122, b15746404fef2be6, 2",
        "user:3, f7fd9caa75082051, e22b9cbddf1bc62e, 48b8697986ed8d60, e3ed44ad44e8513b, 0",
        "'', cbf29ce484222325, beafbcd717305922, 87d32fe24aa25df1, c831a7ccc7fbf655, 2",
        "ключ, 296130de6f5b7a81, 999080afed6a00d9, b762dcca8e2f62c2, 56240e87eef29871, 1"
    })
    void hashWeightsAndConnection_areThoseOfTheSpecification(
            String key, String hash, String first, String second, String third, int connection) {
        assertThat(Long.toHexString(hash(key))).isEqualTo(hash);
        assertThat(HOSTS)
                .map(host -> Long.toHexString(weight(key, host)))
                .containsExactly(first, second, third);
        assertThat(Rendezvous.connection(hash(key), 4)).isEqualTo(connection);
    }

    @Test
    void name_countsWithoutItsCase() {
        assertThat(Rendezvous.seed(new ServerAddress("Cache-1", 7170)))
                .isEqualTo(Rendezvous.seed(new ServerAddress("cache-1", 7170)));
    }

    @Test
    void keys_areSharedEvenly_andOnlyThoseOfALostServerMove() {
        List<String> fewer = List.of("cache-1", "cache-3");
        int[] counts = new int[3];
        List<String> moved = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            String key = "key:" + i;
            String owner = owner(key, HOSTS);
            counts[HOSTS.indexOf(owner)]++;
            if (!owner.equals("cache-2") && !owner.equals(owner(key, fewer))) {
                moved.add(key);
            }
        }
        assertThat(moved).isEmpty();
        assertThat(counts).containsExactly(9_801, 10_121, 10_078);
    }
}
