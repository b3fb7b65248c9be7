package io.larder.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client that keeps copies is told, over sockets. The answers are those of Redis 7.0. */
@Timeout(60)
class RespTrackingTest {
    private static final String CHANNEL = "$20|__redis__:invalidate";

    private static CompatServer server;

    private RespSocket keeper;
    private RespSocket writer;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.resp.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        keeper = new RespSocket(server);
        writer = new RespSocket(server);
        assertThat(writer.ask("FLUSHALL")).isEqualTo("+OK");
        assertThat(keeper.ask("HELLO 3")).startsWith("%7|");
    }

    @AfterEach
    void disconnect() throws Exception {
        keeper.close();
        writer.close();
    }

    private static String invalidated(String key) {
        return ">2|$10|invalidate|*1|$" + key.length() + '|' + key;
    }

    @Test
    void broadcast_tellsOfChangesOfKeysWithThePrefixes_readOrNot() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST PREFIX a: PREFIX b:")).isEqualTo("+OK");
        assertThat(writer.ask("SET c:1 x")).isEqualTo("+OK");
        assertThat(writer.ask("MSET a:1 x a 1 b:22 y")).isEqualTo("+OK");
        assertThat(writer.ask("DEL a:1 c:1")).isEqualTo(":2");

        assertThat(keeper.read()).isEqualTo(invalidated("a:1"));
        assertThat(keeper.read()).isEqualTo(invalidated("b:22"));
        assertThat(keeper.read()).isEqualTo(invalidated("a:1"));
        assertThat(keeper.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void broadcast_withoutPrefix_tellsOfAll_untilItIsOff() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST")).isEqualTo("+OK");
        assertThat(writer.ask("SET any 1")).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo(invalidated("any"));
        assertThat(keeper.ask("CLIENT TRACKINGINFO"))
                .isEqualTo("%3|$5|flags|~2|$2|on|$5|bcast|$8|redirect|:0|$8|prefixes|*1|$0|");

        assertThat(keeper.ask("CLIENT TRACKING OFF")).isEqualTo("+OK");
        assertThat(writer.ask("SET any 2")).isEqualTo("+OK");
        assertThat(keeper.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void noloop_keepsOnesOwnChangesFromOneself_andTellsOfOthers() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON NOLOOP")).isEqualTo("+OK");
        assertThat(keeper.ask("MGET a b")).isEqualTo("*2|_|_");
        assertThat(keeper.ask("SET a 1")).isEqualTo("+OK");
        assertThat(keeper.ask("INCR a")).isEqualTo(":2");
        assertThat(writer.ask("SET b 1")).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo(invalidated("b"));

        assertThat(keeper.ask("CLIENT TRACKING OFF")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST NOLOOP")).isEqualTo("+OK");
        assertThat(keeper.ask("SET a 2")).isEqualTo("+OK");
        assertThat(writer.ask("SET a 3")).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo(invalidated("a"));
        assertThat(keeper.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void flush_isToldToAllWhoTrack_whoeverDidIt() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON NOLOOP")).isEqualTo("+OK");
        assertThat(writer.ask("FLUSHDB")).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo(">2|$10|invalidate|_");
        keeper.send("FLUSHALL");
        assertThat(keeper.read()).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo(">2|$10|invalidate|_");
    }

    @Test
    void expiry_isTold_sinceTheClientDoesNotKnowOfIt() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST PREFIX brief")).isEqualTo("+OK");
        assertThat(writer.ask("SET brief 1 PX 20")).isEqualTo("+OK");

        assertThat(keeper.read()).as("written").isEqualTo(invalidated("brief"));
        assertThat(keeper.read()).as("expired").isEqualTo(invalidated("brief"));
    }

    @Test
    void redirect_hasAnotherConnectionTold_onTheChannelOfRespTwo() throws Exception {
        try (RespSocket listener = new RespSocket(server);
                RespSocket reader = new RespSocket(server)) {
            String id = listener.ask("CLIENT ID").substring(1);
            assertThat(listener.ask("SUBSCRIBE __redis__:invalidate"))
                    .isEqualTo("*3|$9|subscribe|" + CHANNEL + "|:1");
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT " + id)).isEqualTo("+OK");
            assertThat(reader.ask("CLIENT GETREDIR")).isEqualTo(":" + id);
            assertThat(reader.ask("GET a")).isEqualTo("$-1");
            assertThat(writer.ask("SET a 1")).isEqualTo("+OK");
            assertThat(listener.read()).isEqualTo("*3|$7|message|" + CHANNEL + "|*1|$1|a");

            assertThat(listener.ask("GET a"))
                    .startsWith("-ERR Can't execute 'get': only (P|S)SUBSCRIBE");
            assertThat(listener.ask("PING")).isEqualTo("*2|$4|pong|$0|");
            assertThat(writer.ask("FLUSHALL")).isEqualTo("+OK");
            assertThat(listener.read()).isEqualTo("*3|$7|message|" + CHANNEL + "|*-1");
            assertThat(listener.ask("UNSUBSCRIBE"))
                    .isEqualTo("*3|$11|unsubscribe|" + CHANNEL + "|:0");
            assertThat(listener.ask("GET a")).isEqualTo("$-1");
        }
    }

    @Test
    void redirect_toRespThree_isAPush_andBreaksWithIt() throws Exception {
        RespSocket listener = new RespSocket(server);
        try (RespSocket reader = new RespSocket(server)) {
            assertThat(reader.ask("HELLO 3")).startsWith("%7|");
            assertThat(listener.ask("HELLO 3")).startsWith("%7|");
            String id = listener.ask("CLIENT ID").substring(1);
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT " + id)).isEqualTo("+OK");
            assertThat(reader.ask("GET a")).isEqualTo("_");
            assertThat(writer.ask("SET a 1")).isEqualTo("+OK");
            assertThat(listener.read()).isEqualTo(invalidated("a"));

            assertThat(reader.ask("GET a")).isEqualTo("$1|1");
            assertThat(writer.ask("CLIENT KILL ID " + id)).isEqualTo(":1");
            assertThat(writer.ask("CLIENT LIST ID " + id)).isEqualTo("$0|");
            assertThat(writer.ask("SET a 2")).isEqualTo("+OK");
            assertThat(reader.read()).isEqualTo(">2|$21|tracking-redir-broken|:" + id);
            assertThat(reader.ask("CLIENT TRACKINGINFO")).contains("|$15|broken_redirect|");
        } finally {
            listener.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "CLIENT TRACKING => wrong number of arguments for 'client|tracking' command",
                "CLIENT TRACKING MAYBE => syntax error",
                "CLIENT TRACKING ON FOO => syntax error",
                "CLIENT TRACKING ON REDIRECT => syntax error",
                "CLIENT TRACKING ON REDIRECT x => value is not an integer or out of range",
                "CLIENT TRACKING ON REDIRECT 999999 => The client ID you want redirect to does not"
                        + " exist",
                "CLIENT TRACKING ON PREFIX a => PREFIX option requires BCAST mode to be enabled",
                "CLIENT TRACKING ON BCAST OPTIN => OPTIN and OPTOUT are not compatible with BCAST",
                "CLIENT TRACKING ON OPTIN OPTOUT => You can't specify both OPTIN mode and OPTOUT"
                        + " mode",
                "CLIENT TRACKING ON BCAST PREFIX ab PREFIX a => Prefix 'ab' overlaps with another"
                        + " provided prefix 'a'. Prefixes for a single client must not overlap.",
                "SUBSCRIBE news => this is a cache without publish and subscribe: the only channel"
                        + " is __redis__:invalidate",
            })
    void wrongOptions_areRefusedAndChangeNothing(String line, String error) throws Exception {
        assertThat(keeper.ask(line)).isEqualTo("-ERR " + error);
        assertThat(keeper.ask("CLIENT GETREDIR")).isEqualTo(":-1");
    }

    @Test
    void mode_cannotBeSwitchedWhileItIsOn() throws Exception {
        assertThat(keeper.ask("CLIENT TRACKING ON OPTIN")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST"))
                .startsWith("-ERR You can't switch BCAST mode on/off before disabling");
        assertThat(keeper.ask("CLIENT TRACKING ON OPTOUT"))
                .startsWith("-ERR You can't switch OPTIN/OPTOUT mode before disabling");
        assertThat(keeper.ask("CLIENT TRACKING ON")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKINGINFO")).startsWith("%3|$5|flags|~1|$2|on|");
        assertThat(keeper.ask("CLIENT TRACKING ON OPTOUT")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKING OFF")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST PREFIX a")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST PREFIX ab"))
                .startsWith("-ERR Prefix 'ab' overlaps with an existing prefix 'a'.");
        assertThat(keeper.ask("CLIENT TRACKING ON BCAST PREFIX b")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT TRACKINGINFO")).endsWith("|$8|prefixes|*2|$1|a|$1|b");
    }

    @Test
    void repliesThatAreNotWanted_areLeftOut_andWhatIsToldIsNot() throws Exception {
        keeper.send("CLIENT REPLY SKIP");
        keeper.send("GET a");
        assertThat(keeper.ask("PING")).isEqualTo("+PONG");

        assertThat(keeper.ask("CLIENT TRACKING ON")).isEqualTo("+OK");
        keeper.send("CLIENT REPLY OFF");
        keeper.send("NOSUCH");
        keeper.send("GET a");
        keeper.send("SET a 1");
        assertThat(keeper.read()).isEqualTo(invalidated("a"));
        assertThat(keeper.ask("CLIENT REPLY ON")).isEqualTo("+OK");
        assertThat(keeper.ask("CLIENT REPLY PERHAPS")).isEqualTo("-ERR syntax error");
    }

    @Test
    void pause_holdsCommandsUpUntilItIsOver() throws Exception {
        assertThat(writer.ask("CLIENT PAUSE 60000 WRITE")).isEqualTo("+OK");
        assertThat(keeper.ask("GET a")).isEqualTo("_");
        keeper.send("SET a 1");
        keeper.send("GET a");
        assertThat(writer.ask("GET a")).isEqualTo("$-1");
        await().until(() -> writer.ask("INFO clients").contains("blocked_clients:1\r\n"));
        assertThat(writer.ask("CLIENT UNPAUSE")).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo("+OK");
        assertThat(keeper.read()).isEqualTo("$1|1");
        assertThat(writer.ask("INFO clients")).contains("blocked_clients:0\r\n");

        assertThat(writer.ask("CLIENT PAUSE 20")).isEqualTo("+OK");
        assertThat(keeper.ask("GET a")).isEqualTo("$1|1");
        assertThat(writer.ask("CLIENT PAUSE -1")).isEqualTo("-ERR timeout is negative");
        assertThat(writer.ask("CLIENT PAUSE 1 SOME"))
                .isEqualTo("-ERR CLIENT PAUSE mode must be WRITE or ALL");
    }
}
