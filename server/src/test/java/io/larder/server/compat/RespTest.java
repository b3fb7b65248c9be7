package io.larder.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected answers are those of Redis 7.0 to the same bytes, unless they speak of Larder. */
@Timeout(60)
class RespTest {
    private static CompatServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.resp.port=0", "listeners.memcached.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws IOException {
        assertThat(ask("FLUSHALL")).isEqualTo("+OK");
    }

    /** Lines are parted by {@code |} both ways. */
    private static String ask(String lines) throws IOException {
        return bars(server.talk("resp", bytes(lines)));
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
                "SET a 1|GET a|GET b|get => +OK|$1|1|$-1|-ERR wrong number of arguments for 'get'"
                        + " command",
                "SET a 1 XX|SET a 1 NX|SET a 2 NX|SET a 3 NX XX => $-1|+OK|$-1|-ERR syntax error",
                "SET a 1 EX 100|SET a 2 KEEPTTL|TTL a|SET a 3|TTL a => +OK|+OK|:100|+OK|:-1",
                "SET a 1 EX 0|SET a 1 EX x => -ERR invalid expire time in 'set' command|-ERR value"
                        + " is not an integer or out of range",
                "SET a 1 GET|SET a 2 GET|GETDEL a|GETDEL a => $-1|$1|1|$1|2|$-1",
                "INCR n|INCRBY n 5|DECRBY n 2|SET n x|INCR n => :1|:6|:4|+OK|-ERR value is not an"
                        + " integer or out of range",
                "SET n 9223372036854775807|INCR n => +OK|-ERR increment or decrement would"
                        + " overflow",
                "INCRBYFLOAT f 10.5|INCRBYFLOAT f 0.1|INCRBYFLOAT f x => $4|10.5|$4|10.6|-ERR value"
                        + " is not a valid float",
                "APPEND a x|APPEND a yz|STRLEN a|GETRANGE a -2 -1 => :1|:3|:3|$2|yz",
                "SETRANGE a 3 b|STRLEN a|SETRANGE a 1 cc|GETRANGE a 1 2 => :4|:4|:4|$2|cc",
                "MSET a 1 b 2|MGET a b c|MSETNX b 3 c 3|MSETNX c 3 d 4|MGET c d"
                        + " => +OK|*3|$1|1|$1|2|$-1|:0|:1|*2|$1|3|$1|4",
                "SET a 1|EXPIRE a 100 XX|EXPIRE a 100 NX|EXPIRE a 50 GT|EXPIRE a 50 LT|TTL a"
                        + " => +OK|:0|:1|:0|:1|:50",
                "SET a 1 EX 10|PERSIST a|TTL a|EXPIRE a -1|EXISTS a|TTL a"
                        + " => +OK|:1|:-1|:1|:0|:-2",
                "SET a 1|DEL a b|EXISTS a|TYPE a|DBSIZE => +OK|:1|:0|+none|:0",
                "SET ab 1|SCAN 0 MATCH x* COUNT 10000|RANDOMKEY => +OK|*2|$1|0|*0|$2|ab",
                "PING|PING x|ECHO y|SELECT 0|SELECT 1 => +PONG|$1|x|$1|y|+OK|-ERR DB index is out"
                        + " of range",
                "HELLO 4|CLIENT SETNAME x|CLIENT GETNAME|RESET|CLIENT GETNAME => -NOPROTO"
                        + " unsupported protocol version|+OK|$1|x|+RESET|$-1",
                "LPUSH a b|PING => -ERR unknown command 'LPUSH': this is a cache of plain values,"
                        + " it has neither that command nor its type|+PONG",
                "QUIT|PING => +OK",
                "SET a \"x => -ERR Protocol error: unbalanced quotes in request",
                "*x => -ERR Protocol error: invalid multibulk length",
                "*1|PING => -ERR Protocol error: expected '$', got 'P'",
                "*2|*1|$1|a => -ERR Protocol error: expected '$', got '*'",
                "*1|$-1 => -ERR Protocol error: invalid bulk length",
                "*1|$99999999999 => -ERR Protocol error: invalid bulk length",
                "SETRANGE a 9223372036854775807 x|SETRANGE a -1 x|SETRANGE a 0 ''|PING => -ERR"
                        + " string exceeds maximum allowed size (proto-max-bulk-len)|-ERR offset is out"
                        + " of range|:0|+PONG",
                "SET a 1 EX 10 EX 20|TTL a|SET a 1 EX 10 PX 10|SET a 1 NX NX|SET a 1 XX XX"
                        + " => +OK|:20|-ERR syntax error|$-1|+OK",
                "GETEX a EX 0|SET a 1|GETEX a EX 0|GETEX a EX 10 PERSIST|GETEX a EX 10|TTL a|GETEX"
                        + " a EXAT 1|EXISTS a => $-1|+OK|-ERR invalid expire time in 'getex'"
                        + " command|-ERR syntax error|$1|1|:10|$1|1|:0",
                "INCRBY n 01|INCRBY n +1|INCRBY n -0|SET n ' 1'|INCR n => -ERR value is not an"
                        + " integer or out of range|-ERR value is not an integer or out of range|-ERR"
                        + " value is not an integer or out of range|+OK|-ERR value is not an integer or"
                        + " out of range",
                "DECRBY n -9223372036854775808|INCRBYFLOAT f inf|INCRBYFLOAT f 1e5000|INCRBYFLOAT f"
                        + " 3.0e3 => -ERR decrement would overflow|-ERR increment would produce NaN or"
                        + " Infinity|-ERR value is not a valid float|$4|3000",
                "EXPIRE a x FOO|EXPIRE a 1 NX GT|EXPIRE a 1 GT LT|EXPIRE a 9223372036854775807 =>"
                        + " -ERR Unsupported option FOO|-ERR NX and XX, GT or LT options at the same"
                        + " time are not compatible|-ERR GT and LT options at the same time are not"
                        + " compatible|-ERR invalid expire time in 'expire' command",
                "SET a 1|EXPIRE a -1 XX|EXPIRE a -1 GT|EXPIRE a -1 LT|EXISTS a => +OK|:0|:0|:1|:0",
                "MSETNX a 1 a 2|GET a|MSETNX a|MSET a 1 b => :1|$1|2|-ERR wrong number of arguments"
                        + " for 'msetnx' command|-ERR wrong number of arguments for 'mset' command",
                "SCAN 0 COUNT 0|SCAN 0 MATCH|SCAN 0 COUNT x|SCAN x => -ERR syntax error|-ERR syntax"
                        + " error|-ERR value is not an integer or out of range|-ERR invalid cursor",
                "MEMORY USAGE|MEMORY USAGE a|MEMORY FOO a|MEMORY USAGE a SAMPLES 5 => -ERR wrong"
                        + " number of arguments for 'memory|usage' command|$-1|-ERR unknown subcommand 'FOO'."
                        + " Try MEMORY HELP.|$-1",
                "OBJECT FREQ a|SET a abc|OBJECT IDLETIME a|OBJECT FREQ a|OBJECT ENCODING a|OBJECT"
                        + " FOO a => $-1|+OK|:0|:0|$6|embstr|-ERR unknown subcommand 'FOO'. Try OBJECT"
                        + " HELP.",
                "COMMAND GETKEYS MSET a 1 b 2|COMMAND GETKEYS PING x => *2|$1|a|$1|b|-ERR The command"
                        + " has no key arguments",
                "CLIENT KILL ID x|CLIENT KILL ID 999999|CLIENT KILL TYPE foo|CLIENT KILL TYPE"
                        + " pubsub|CLIENT KILL SKIPME maybe|CLIENT KILL 1.2.3.4:5 => -ERR client-id"
                        + " should be greater than 0|:0|-ERR Unknown client type 'foo'|:0|-ERR syntax"
                        + " error|-ERR No such client",
                "CLIENT LIST x|CLIENT LIST ID x|CLIENT LIST ID 999999|CLIENT LIST TYPE pubsub =>"
                        + " -ERR syntax error|-ERR Invalid client ID|$0||$0|",
                "CLIENT TRACKINGINFO|CLIENT GETREDIR|CLIENT CACHING YES =>"
                        + " *6|$5|flags|*1|$3|off|$8|redirect|:-1|$8|prefixes|*0|:-1|-ERR CLIENT"
                        + " CACHING can be called only when the client is in tracking mode with OPTIN"
                        + " or OPTOUT mode enabled",
                "HELLO x|*01|$4|PING => -ERR Protocol version is not an integer or out of"
                        + " range|-ERR Protocol error: invalid multibulk length",
                "SET a 1 PXAT 1999999999500|EXPIRETIME a|SET a 1 PXAT 1999999999499|EXPIRETIME a"
                        + " => +OK|:2000000000|+OK|:1999999999",
                "POST / HTTP/1.1|PING => ''",
                "SET a 1|SET a 2 EX 0 FOO|SET a 2 EX x NX XX|GETEX a EX 10 EX 20|TTL a|GETEX a"
                        + " PERSIST PERSIST|TTL a|GETEX a PERSIST EX 10 => +OK|-ERR syntax error|-ERR"
                        + " syntax error|$1|1|:20|$1|1|:-1|-ERR syntax error",
                "SET a 1|EXPIREAT a -9223372036854775|EXISTS a|SET a 1|PEXPIREAT a"
                        + " -9223372036854775808|EXISTS a => +OK|:1|:0|+OK|:1|:0",
                "SET f inf|INCRBYFLOAT f 1|SET f x|INCRBYFLOAT f 1 => +OK|-ERR increment would"
                        + " produce NaN or Infinity|+OK|-ERR value is not a valid float",
                "SET f x|INCRBYFLOAT f inf|DEL f|INCRBYFLOAT f inf => +OK|-ERR value is not a valid"
                        + " float|:1|-ERR increment would produce NaN or Infinity",
                "PSETEX a 9223372036854775000 x|SETEX a 9223372036854775 x|EXISTS a => -ERR invalid"
                        + " expire time in 'psetex' command|-ERR invalid expire time in 'setex'"
                        + " command|:0",
                "SCAN ''|SCAN x COUNT 0|SCAN 1x|SCAN 0 COUNT 0 => *2|$1|0|*0|-ERR invalid"
                        + " cursor|-ERR invalid cursor|-ERR syntax error",
                "MEMORY USAGE a SAMPLES -1|MEMORY FOO|OBJECT FREQ|OBJECT FOO => -ERR syntax error"
                        + "|-ERR unknown subcommand 'FOO'. Try MEMORY HELP.|-ERR wrong number of"
                        + " arguments for 'object|freq' command|-ERR unknown subcommand 'FOO'. Try"
                        + " OBJECT HELP.",
                "COMMAND GETKEYS OBJECT a FREQ|COMMAND GETKEYS MEMORY USAGE a => -ERR Invalid command"
                        + " specified|*1|$1|a",
                "COMMAND GETKEYS GET|COMMAND GETKEYS OBJECT FREQ|COMMAND GETKEYS FOO x => -ERR wrong"
                        + " number of arguments for 'command|getkeys' command|-ERR Invalid number of"
                        + " arguments specified for command|-ERR Invalid command specified",
                "CONFIG SET a 1 b => -ERR syntax error",
            })
    void lines_areAnsweredAsRedisDoes(String lines, String answer) throws IOException {
        assertThat(ask(lines)).isEqualTo(answer);
        empty();
        assertThat(bars(server.talkCut("resp", bytes(lines), new Random(lines.hashCode()))))
                .as("however it is cut")
                .isEqualTo(answer);
    }

    @Test
    void keys_areThoseOfMemcached() throws IOException {
        server.talk("memcached", "set shared 7 0 3\r\nabc\r\n");

        assertThat(ask("GET shared|APPEND shared d")).isEqualTo("$3|abc|:4");
        assertThat(server.talk("memcached", "get shared\r\n"))
                .isEqualTo("VALUE shared 7 4\r\nabcd\r\nEND\r\n");
    }

    @Test
    void line_endsAtItsCarriageReturn_andNoEarlier() throws IOException {
        assertThat(server.talk("resp", "*10\n$4\r\nPING\r\n"))
                .isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
        assertThat(server.talk("resp", "*1\r\n$40\nPING\r\n"))
                .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
        assertThat(server.talk("resp", "*1\rx$4\ryPING\r\nPING\r\n"))
                .isEqualTo("+PONG\r\n+PONG\r\n");
        assertThat(server.talkCut("resp", "*1\r\n$4\r\nPING\r\n".repeat(20), new Random(5)))
                .isEqualTo("+PONG\r\n".repeat(20));
    }

    @Test
    void error_repeatsTheBytesThatWereSent() throws IOException {
        assertThat(server.talk("resp", "CLIENT \u00c3\u00bf\r\n"))
                .isEqualTo("-ERR unknown subcommand '\u00c3\u00bf'. Try CLIENT HELP.\r\n");
    }

    @Test
    void docs_sayWhichArgumentsThereAre() throws IOException {
        String set = ask("COMMAND DOCS SET");
        assertThat(set)
                .startsWith("*2|$3|set|*8|$7|summary|")
                .contains("|$9|arguments|*5|*8|$4|name|$3|key|$4|type|$3|key|")
                .contains("|$4|name|$2|nx|$4|type|$10|pure-token|$5|token|$2|NX|")
                .contains(
                        "|$7|seconds|$4|type|$7|integer|$12|display_text|$7|seconds|$5|token|$2|EX|")
                .contains("|$5|flags|*1|+optional|");
        assertThat(ask("COMMAND DOCS MSET")).contains("|$5|block|").contains("|*1|+multiple|");
        assertThat(ask("COMMAND DOCS CLIENT")).contains("|$11|subcommands|", "|$11|client|kill|");
        assertThat(ask("COMMAND INFO GET NOSUCH"))
                .isEqualTo("*2|*10|$3|get|:2|*1|+readonly|:1|:1|:1|*1|+@read|*0|*0|*0|*-1");
        assertThat(ask("COMMAND LIST FILTERBY PATTERN mse*")).isEqualTo("*2|$4|mset|$6|msetnx");
        assertThat(ask("CLIENT HELP")).contains("|+REPLY {ON|OFF|SKIP}|");
    }

    @Test
    void three_hasItsOwnNull_andMaps() throws IOException {
        assertThat(ask("HELLO 3|GET a")).startsWith("%7|").endsWith("|_");
    }

    @Test
    void tracking_pushesTheKeyThatWasReadAndChanged() throws IOException {
        assertThat(ask("HELLO 3|CLIENT TRACKING ON|SET a 1|GET a|SET a 2"))
                .endsWith("|+OK|+OK|$1|1|+OK|>2|$10|invalidate|*1|$1|a");
    }

    @Test
    void settings_thatRedisHasNamesFor_areSeenAndChanged() throws IOException {
        assertThat(ask("CONFIG SET maxmemory 24mb|CONFIG GET maxmem*|INFO memory"))
                .startsWith("+OK|*4|$9|maxmemory|$8|25165824|$16|maxmemory-policy|")
                .contains("|maxmemory:25165824|");
        assertThat(
                        ask(
                                "CONFIG SET maxmemory 32mb timeout 300|CONFIG GET timeout|CONFIG"
                                        + " SET timeout 0"))
                .isEqualTo("+OK|*2|$7|timeout|$3|300|+OK");
        assertThat(ask("CONFIG SET foo 1|CONFIG SET maxmemory|CONFIG SET timeout x"))
                .startsWith(
                        "-ERR Unknown option or number of arguments for CONFIG SET - 'foo'|-ERR"
                                + " wrong number of arguments for 'config|set' command|-ERR CONFIG SET"
                                + " failed (possibly related to argument 'timeout') -"
                                + " limits.idle-timeout: ");
    }

    @Test
    void tracking_followsWhatWasOptedForOnly() throws IOException {
        assertThat(
                        ask(
                                "HELLO 3|CLIENT TRACKING ON OPTIN|GET a|CLIENT CACHING YES|MGET b c"
                                        + "|CLIENT TRACKINGINFO|SET a 1|SET b 1|SET c 1"))
                .contains("~2|$2|on|$5|optin|")
                .endsWith("+OK|+OK|+OK|>2|$10|invalidate|*1|$1|b|>2|$10|invalidate|*1|$1|c");
        assertThat(ask("HELLO 3|CLIENT TRACKING ON OPTOUT|CLIENT CACHING NO|GET a|SET a 2"))
                .endsWith("+OK|+OK|$1|1|+OK");
    }

    @Test
    void arrayOfAMillion_isOneCommand() throws IOException {
        StringBuilder many = new StringBuilder("*1000001\r\n$6\r\nEXISTS\r\n");
        for (int i = 0; i < 1_000_000; i++) {
            many.append("$1\r\na\r\n");
        }
        assertThat(ask("SET a 1|" + many + "PING")).isEqualTo("+OK|:1000000|+PONG");
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder_howeverTheyAreCut() throws IOException {
        StringBuilder requests = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String key = "k" + i % 7;
            requests.append("*3\r\n$3\r\nSET\r\n$2\r\n%s\r\n$4\r\n%04d\r\n".formatted(key, i));
            requests.append("*2\r\n$3\r\nGET\r\n$2\r\n%s\r\n".formatted(key));
            answers.append("+OK\r\n$4\r\n%04d\r\n".formatted(i));
        }
        assertThat(server.talkCut("resp", requests.toString(), new Random(17)))
                .isEqualTo(answers.toString());
    }
}
