package io.larder.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopRequestsTest {
    private static final long SECOND = 1_000_000_000;
    private static final Figures NONE = Figures.of(Map.of(), 0);

    private static Figures shard(long bytesWritten, long nanos) {
        return Figures.of(Map.of("bytes_written", Long.toString(bytesWritten)), nanos);
    }

    private static TopSample sample(Map<String, Figures> latencies, Map<String, Figures> shards) {
        return new TopSample(NONE, Map.of(), latencies, shards);
    }

    @Test
    void hotShards_areThoseMostWasWrittenInto_sinceTheLastPicture() {
        TopSample before = sample(Map.of(), Map.of("0", shard(9_000, 0), "1", shard(0, 0)));
        TopSample now =
                sample(
                        Map.of(),
                        Map.of(
                                "0", shard(9_100, SECOND),
                                "1", shard(2_048, SECOND)));

        assertThat(TopRequests.hotShards(before, now))
                .isEqualTo("hot shards   1: 2.0 KiB/s   0: 100 B/s");
        assertThat(TopRequests.hotShards(now, now)).isEqualTo("hot shards   none");
    }

    @Test
    void latencies_areARowForEachCommand_theMostFrequentFirst() {
        Map<String, String> times =
                Map.of("p50_micros", "12.3", "p99_micros", "250", "max_micros", "4500.0");
        Map<String, Figures> latencies =
                Map.of("GET", timed(times, "5000"), "HELLO", timed(times, "2"));
        List<String> lines = new ArrayList<>();

        TopRequests.addLatencies(lines, sample(latencies, Map.of()));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).matches("GET +5.0k +12.3 µs +250.0 µs +4.5 ms");
        assertThat(lines.get(3)).startsWith("HELLO ");
    }

    private static Figures timed(Map<String, String> times, String count) {
        Map<String, String> texts = new HashMap<>(times);
        texts.put("count", count);
        return Figures.of(texts, 0);
    }
}
