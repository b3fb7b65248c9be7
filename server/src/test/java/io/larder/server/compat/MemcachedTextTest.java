package io.larder.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected answers are those of memcached 1.6.18 to the same bytes. */
@Timeout(60)
class MemcachedTextTest {
    private static CompatServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.memcached.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws IOException {
        assertThat(ask("flush_all")).isEqualTo("OK");
    }

    /** Lines are parted by {@code |} both ways. */
    private static String ask(String lines) throws IOException {
        return bars(server.talk("memcached", bytes(lines)));
    }

    private static String bytes(String lines) {
        return lines.replace("|", "\r\n") + "\r\n";
    }

    private static String bars(String answer) {
        String parted = answer.replace("\r\n", "|");
        return parted.endsWith("|") ? parted.substring(0, parted.length() - 1) : parted;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "set a 5 0 3|abc|get a b a => STORED|VALUE a 5 3|abc|VALUE a 5 3|abc|END",
                "set a 4294967295 0 1|x|get a => STORED|VALUE a 4294967295 1|x|END",
                "add a 0 0 1|x|add a 0 0 1|y|replace a 1 0 1|z|get a"
                        + " => STORED|NOT_STORED|STORED|VALUE a 1 1|z|END",
                "append a 0 0 1|x|replace a 0 0 1|x|prepend a 0 0 1|x"
                        + " => NOT_STORED|NOT_STORED|NOT_STORED",
                "set a 7 0 1|b|append a 9 9 1|c|prepend a 9 9 1|a|get a"
                        + " => STORED|STORED|STORED|VALUE a 7 3|abc|END",
                "set n 0 0 2|10|decr n 1|get n => STORED|9|VALUE n 0 2|9 |END",
                "set n 3 0 20|18446744073709551615|incr n 2|get n"
                        + " => STORED|1|VALUE n 3 20|1                   |END",
                "set n 0 0 1|5|decr n 9|incr n x|incr m 1"
                        + " => STORED|0|CLIENT_ERROR invalid numeric delta argument|NOT_FOUND",
                "set n 0 0 1|a|incr n 1"
                        + " => STORED|CLIENT_ERROR cannot increment or decrement non-numeric value",
                "cas a 0 0 1 1|x|set a 0 0 1|x|cas a 0 0 1 0|y" + " => NOT_FOUND|STORED|EXISTS",
                "set a 0 -1 1|x|get a => STORED|END",
                "set a 0 0 1|x|touch a -1|get a|touch a 0 => STORED|TOUCHED|END|NOT_FOUND",
                "set a 0 0 1|x|gat 100 a b|gat x a"
                        + " => STORED|VALUE a 0 1|x|END|CLIENT_ERROR invalid exptime argument",
                "set a 0 0 1 noreply|x|get a|delete a noreply|get a => VALUE a 0 1|x|END|END",
                "set a 0 0 3|abcdef|mm => CLIENT_ERROR bad data chunk|ERROR|ERROR",
                "set a 0 0 -1|get a => CLIENT_ERROR bad command line format|END",
                "delete a 5|delete a 0 => CLIENT_ERROR bad command line format.  Usage: delete"
                        + " <key> [noreply]|NOT_FOUND",
                "get|set a|verbosity|verbosity 1|shutdown"
                        + " => ERROR|ERROR|ERROR|OK|ERROR: shutdown not enabled",
                "set a 0 0 1|x|flush_all 100|get a|flush_all|get a"
                        + " => STORED|OK|VALUE a 0 1|x|END|OK|END",
                "set a +5 0 +1|x|get a|set n 0 0 2|+1|incr n +1|get n"
                        + " => STORED|VALUE a 5 1|x|END|STORED|2|VALUE n 0 2|2 |END",
                "set n 0 0 2| 1|incr n 1|get n|set n 0 0 3|007|incr n 1|get n"
                        + " => STORED|2|VALUE n 0 2|2 |END|STORED|8|VALUE n 0 3|8  |END",
                "set n 0 0 1|1|incr n 18446744073709551616|incr n -1|incr n 1x =>"
                        + " STORED|CLIENT_ERROR invalid numeric delta argument|CLIENT_ERROR invalid"
                        + " numeric delta argument|CLIENT_ERROR invalid numeric delta argument",
                "cas a 0 0 1 noreply|x|incr n x noreply|touch a x noreply|flush_all x noreply"
                        + " => ERROR",
                "verbosity -1|verbosity x => CLIENT_ERROR bad command line format|CLIENT_ERROR bad"
                        + " command line format",
                "set a 0 0 1 noreply|xyz|get a => ERROR|END",
                "set a 0 0 2|xyz|get a => CLIENT_ERROR bad data chunk|ERROR|END",
                "set a 0 0 5|xy|zw|get a => CLIENT_ERROR bad data chunk|ERROR|END",
                "stats detail|stats cachedump 1 1 => CLIENT_ERROR usage: stats detail on|off|dump"
                        + "|CLIENT_ERROR stats cachedump not allowed",
                "stats reset|stats detail on|set foo:1 0 0 1|x|get foo:1 foo:2 bar|mg foo:1"
                        + "|ms foo:2:3 1|y|md foo:2:3|delete foo:3|stats detail off|get foo:1"
                        + "|stats detail dump|stats reset|stats detail dump"
                        + " => RESET|OK|STORED|VALUE foo:1 0 1|x|END|HD|HD|HD|NOT_FOUND|OK"
                        + "|VALUE foo:1 0 1|x|END|PREFIX foo get 3 hit 2 set 2 del 2|END|RESET|END",
                "slabs reassign 1 2|slabs automove 0|slabs automove 1|slabs automove x|slabs"
                        + " => CLIENT_ERROR slab reassignment disabled|OK|CLIENT_ERROR slab"
                        + " reassignment disabled|CLIENT_ERROR bad command line format|ERROR",
                "GET a|get|Get a => ERROR|ERROR|ERROR",
                "bget a|set a 0 0 1|x|bget a => END|STORED|VALUE a 0 1|x|END",
                "set a -0 -0 1|5|incr a -0|incr a -18446744073709551615|incr a -5 => STORED|5|6"
                        + "|CLIENT_ERROR invalid numeric delta argument",
                "GET / HTTP/1.1|Host: x => ''",
                "OPTIONS * HTTP/1.1|get a => ''",
                "quit|get a => ''",
            })
    void lines_areAnsweredAsMemcachedDoes(String lines, String answer) throws IOException {
        assertThat(ask(lines)).isEqualTo(answer);
        empty();
        assertThat(bars(server.talkCut("memcached", bytes(lines), new Random(lines.hashCode()))))
                .as("however it is cut")
                .isEqualTo(answer);
    }

    @Test
    void number_isReadAsCDoes_upToABlank() throws IOException {
        assertThat(ask("set a 0 0\t\f9 1\ry|x|get a|touch a 100\r7|incr a\tb 1"))
                .isEqualTo("STORED|VALUE a 0 1|x|END|TOUCHED|NOT_FOUND");
    }

    @Test
    void cas_withTheVersionOfGets_stores_andOnlyOnce() throws IOException {
        String gets = ask("set a 0 0 1|x|gets a");
        String version = gets.split("\\|", -1)[1].split(" ", -1)[4];

        assertThat(ask("cas a 0 0 1 " + version + "|y|cas a 0 0 1 " + version + "|z|get a"))
                .isEqualTo("STORED|EXISTS|VALUE a 0 1|y|END");
    }

    @Test
    void key_isUpTo250Bytes() throws IOException {
        String longest = "k".repeat(250);

        assertThat(ask("set " + longest + " 0 0 1|x|get " + longest))
                .isEqualTo("STORED|VALUE " + longest + " 0 1|x|END");
        assertThat(ask("get a k" + longest)).isEqualTo("CLIENT_ERROR bad command line format");
    }

    @Test
    void value_overAMebibyte_isRefused_andTheOldOneIsGone() throws IOException {
        String value = "x".repeat((1 << 20) + 1);

        assertThat(ask("set a 0 0 1|x|set a 0 0 " + value.length() + '|' + value + "|get a"))
                .isEqualTo("STORED|SERVER_ERROR object too large for cache|END");
    }

    @Test
    void value_ofAlmostAMebibyte_comesBackWhole() throws IOException {
        String value = "y".repeat((1 << 20) - 1024);

        String answer = ask("set a 0 0 " + value.length() + '|' + value + "|get a");

        assertThat(answer.length())
                .isEqualTo("STORED|VALUE a 0 1047552||END".length() + value.length());
        assertThat(answer.replace(value, "..")).isEqualTo("STORED|VALUE a 0 1047552|..|END");
    }

    @Test
    void append_overAMebibyte_isNotStored() throws IOException {
        String half = "x".repeat(700_000);

        assertThat(ask("set a 0 0 700000|" + half + "|append a 0 0 700000|" + half + "|mg a s"))
                .isEqualTo("STORED|NOT_STORED|HD s700000");
    }

    @Test
    void line_withoutEnd_isCutOff() throws IOException {
        assertThat(ask("x".repeat(5_000))).isEqualTo("ERROR");
        assertThat(server.talk("memcached", "x".repeat(100_000))).isEmpty();
    }

    @Test
    void pipelinedGets_comeInOrder() throws IOException {
        StringBuilder lines = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("set k%d 0 0 4|%04d|get k%d|".formatted(i, i, i));
            answers.append("STORED|VALUE k%d 0 4|%04d|END|".formatted(i, i));
        }
        assertThat(ask(lines + "version")).isEqualTo(answers + "VERSION 1.6.18");
    }

    private long stat(String command, String name) throws IOException {
        Matcher matcher = Pattern.compile("STAT " + name + " (\\d+)\\|").matcher(ask(command));
        assertThat(matcher.find()).as(name).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void stats_tellWhatWasCounted() throws IOException {
        ask("stats reset");
        assertThat(ask("get a|set a 0 0 1|x|get a|stats"))
                .contains("STAT get_hits 1|", "STAT get_misses 1|", "STAT cmd_set 1|")
                .contains("STAT curr_connections ", "STAT limit_maxbytes 33554432|")
                .endsWith("|END");
        assertThat(ask("stats reset|get a|stats"))
                .contains("STAT bytes_read ", "STAT bytes_written ");
        assertThat(ask("stats conns"))
                .contains("listen_addr tcp:127.0.0.1:" + server.port("memcached") + '|')
                .contains(":secs_since_last_cmd 0|");
        assertThat(ask("stats items")).contains("STAT items:1:number 1|", ":mem_requested ");
        assertThat(ask("stats slabs"))
                .contains("STAT 1:used_chunks 1|", "STAT active_slabs 1|")
                .contains("STAT total_malloced 33554432|");
        assertThat(stat("stats slabs", "1:chunk_size"))
                .isGreaterThan(stat("stats items", "items:1:mem_requested"));
        assertThat(ask("stats settings")).contains("STAT item_size_max 1048576|");
        assertThat(ask("stats nonsense")).isEqualTo("ERROR");
    }
}
