package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.History.Weakening;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** The store passes every proof; of its broken twins none does. */
@Tag("slow")
class ProofsTest {
    private static final int RANDOM_LINES = 2000;

    @ParameterizedTest
    @EnumSource
    void read_metByWritesInAnyWay_findsTheTruth(Meeting meeting) {
        meeting.holdFor(new RecordedAssembly());
    }

    /** But for two lines of writes that a scan, which looks at every chain, meets in too many. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"SPLIT_AWAY_FROM_OVERFLOW", "RELOCATE_AND_INDEX"})
    void scan_metByWritesInAnyWay_findsTheTruth(Meeting meeting) {
        meeting.holdForScans(new RecordedAssembly());
    }

    @ParameterizedTest
    @EnumSource
    void operation_interruptedAnywhere_losesNothing(Interruption interruption) {
        interruption.holdFor(new RecordedAssembly());
    }

    @Test
    void read_metByRandomWritesInAnyWay_findsTheTruth() {
        long reads = 0;
        long restarts = 0;
        for (long seed = 0; seed < RANDOM_LINES; seed++) {
            Interleavings with =
                    new Interleavings(Meeting.CONFIG, new RecordedAssembly(), Weakening.NONE);
            try {
                new RandomMeeting(seed, with).play();
                with.explore();
                StoreAudit.check(with.fixture());
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
            reads += with.reads();
            restarts += with.restarts();
        }
        assertThat(reads).isGreaterThan(100 * RANDOM_LINES);
        assertThat(restarts).isPositive();
    }

    @ParameterizedTest
    @MethodSource("twinsAndProofs")
    void twin_isCaught(Twin twin, Proof proof) {
        assertThatThrownBy(() -> proof.holdFor(twin.assembly())).isInstanceOf(AssertionError.class);
    }

    static Stream<Arguments> twinsAndProofs() {
        return Arrays.stream(Twin.values())
                .flatMap(twin -> twin.caughtBy().stream().map(proof -> Arguments.of(twin, proof)));
    }

    @ParameterizedTest
    @EnumSource
    void everyTwin_hasAProof(Twin twin) {
        assertThat(twin.caughtBy()).isNotEmpty();
    }

    /** An ordering that the store needs is missed somewhere if the machine leaves it out. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void ordering_leftOut_isCaught(Weakening weakening) {
        List<Meeting> failed =
                Arrays.stream(Meeting.values())
                        .filter(meeting -> !holdsOn(weakening, meeting))
                        .toList();
        assertThat(failed).contains(Meeting.RELOCATE_AND_REUSE, Meeting.EVICT_AND_COME_BACK);
    }

    private static boolean holdsOn(Weakening weakening, Meeting meeting) {
        try {
            meeting.holdFor(new RecordedAssembly(), weakening);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }
}
