package io.larder.bench.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every decoder over its seeds and 100,000 spoiled ones, every loader over 10,000. */
@Tag("slow")
@Timeout(900)
class FuzzTest {
    private static final int DECODER_INPUTS = 100_000;

    /** Fewer, as each is written to a file. */
    private static final int LOADER_INPUTS = 10_000;

    private static final long SEED = 20_260_101;

    @Test
    void spoiledInputs_areAnsweredOrRefused_andNothingLeaks() throws IOException {
        Path directory = Targets.newDirectory();
        try (Targets targets = new Targets(directory)) {
            long usedBefore = Leaks.buffersInUse();
            for (FuzzTarget target : targets.all()) {
                int inputs = target instanceof LoaderTarget ? LOADER_INPUTS : DECODER_INPUTS;
                FuzzRun.Outcome outcome = FuzzRun.run(target, inputs, SEED);
                assertThat(outcome.failures()).as(target.name()).isZero();
                assertThat(outcome.inputs()).isEqualTo(inputs + target.seeds().size());
                assertThat(Leaks.buffersInUse()).as(target.name()).isEqualTo(usedBefore);
            }
        } finally {
            Targets.delete(directory);
        }
    }

    @Test
    void targetThatThrows_isAFailure() {
        List<byte[]> taken = new ArrayList<>();
        FuzzTarget broken =
                new FuzzTarget() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public List<byte[]> seeds() {
                        return Seeds.of("right");
                    }

                    @Override
                    public void take(byte[] input) {
                        taken.add(input);
                        if (!new String(input, US_ASCII).equals("right")) {
                            throw new IllegalStateException("spoiled");
                        }
                    }
                };
        FuzzRun.Outcome outcome = FuzzRun.run(broken, 100, SEED);
        assertThat(outcome.failures()).isBetween(80L, 100L);
        assertThat(taken).hasSize(101);
    }

    @Test
    void channelThatCountsAnError_isAFailure() {
        try (Services services = new Services()) {
            FuzzTarget target =
                    new ChannelTarget(
                            "counting",
                            Seeds.of("a"),
                            services.errors,
                            channel -> services.errors.record(new IllegalStateException("planted")),
                            new byte[0]);
            assertThatThrownBy(() -> target.take(new byte[] {1}))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void mutator_ofTheSameSeed_spoilsTheSameWay() {
        Mutator one = new Mutator(SEED);
        Mutator other = new Mutator(SEED);
        for (int i = 0; i < 1_000; i++) {
            assertThat(one.next(Seeds.resp())).isEqualTo(other.next(Seeds.resp()));
        }
    }
}
