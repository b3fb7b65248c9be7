package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two threads on {@link LincheckStore}: whatever Lincheck has them do, and some short meetings that
 * matter, in as many interleavings as it tries, must look as if done one by one on {@link
 * LincheckMap}. Reads from stale memory are not its business but {@link Interleavings}'.
 */
@Tag("slow")
class StoreLincheckTest {
    private static final int INVOCATIONS = 1000;

    /** Where nothing is to be caught; {@code bench proof} tries many more. */
    private static final int INVOCATIONS_SOME = 40;

    /** Where each takes long. */
    private static final int INVOCATIONS_FEW = 20;

    private static final ExecutionScenario PUT_AND_GET =
            meeting(List.of(call("put", 0, 1)), List.of(call("put", 0, 2)), call("get", 0));

    private static final ExecutionScenario SPLIT_AND_GET =
            meeting(List.of(), List.of(call("put", 0, 2)), call("get", 3));

    private static final ExecutionScenario RELOCATE_AND_TOUCH =
            meeting(List.of(), List.of(call("relocate")), call("touch", 3, 101));

    /** The puts fill segments until one takes the place the key had. */
    private static final ExecutionScenario REUSE_AND_GET =
            meeting(
                    List.of(call("put", 0, 1)),
                    List.of(
                            call("relocate"),
                            call("put", 1, 1),
                            call("put", 1, 2),
                            call("put", 1, 3),
                            call("put", 1, 4),
                            call("put", 1, 5)),
                    call("get", 3));

    private static final ExecutionScenario SCAN_AND_OVERWRITE =
            meeting(List.of(call("put", 0, 1)), List.of(call("put", 0, 2)), call("scan", 0));

    private static final ExecutionScenario SCAN_AND_SPLIT =
            meeting(List.of(), List.of(call("split"), call("split")), call("scan", 3));

    @Test
    void operations_interleavedByModelChecker_areLinearizable() {
        modelChecking(PUT_AND_GET, SPLIT_AND_GET, RELOCATE_AND_TOUCH, REUSE_AND_GET)
                .iterations(1)
                .invocationsPerIteration(INVOCATIONS_SOME)
                .check(LincheckStore.class);
    }

    @Test
    void operations_underStress_areLinearizable() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .minimizeFailedScenario(false)
                .sequentialSpecification(LincheckMap.class)
                .check(LincheckStore.class);
    }

    @Test
    void scansAndSplits_interleavedByModelChecker_areLinearizable() {
        modelChecking(SCAN_AND_OVERWRITE, SCAN_AND_SPLIT)
                .iterations(0)
                .invocationsPerIteration(INVOCATIONS_FEW)
                .check(LincheckStore.class);
    }

    @Test
    void clears_interleavedByModelChecker_areLinearizable() {
        LincheckGuarantees.addTo(new ModelCheckingOptions())
                .iterations(2)
                .invocationsPerIteration(INVOCATIONS_FEW)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1)
                .minimizeFailedScenario(false)
                .sequentialSpecification(LincheckRegionMap.class)
                .check(LincheckRegion.class);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twin_isCaught(Class<?> twin, ExecutionScenario meeting) {
        assertThatThrownBy(() -> modelChecking(meeting).iterations(0).check(twin))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    @Test
    void lock_interleavedByModelChecker_excludesAndLosesNoWakeUp() {
        LincheckGuarantees.addTo(new ModelCheckingOptions())
                .iterations(1)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .check(Locked.class);
    }

    static Stream<Arguments> twins() {
        return Stream.of(
                Arguments.of(ChangedSlotSkipped.class, PUT_AND_GET),
                Arguments.of(SwingByCas.class, PUT_AND_GET),
                Arguments.of(GeometryPublishedBeforeCopy.class, SPLIT_AND_GET),
                Arguments.of(TouchLostByMove.class, RELOCATE_AND_TOUCH),
                Arguments.of(MissNotValidated.class, REUSE_AND_GET));
    }

    private static ModelCheckingOptions modelChecking(ExecutionScenario... meetings) {
        ModelCheckingOptions options =
                LincheckGuarantees.addTo(new ModelCheckingOptions())
                        .invocationsPerIteration(INVOCATIONS)
                        .threads(2)
                        .actorsPerThread(2)
                        .actorsBefore(2)
                        .actorsAfter(1)
                        .minimizeFailedScenario(false)
                        .sequentialSpecification(LincheckMap.class);
        for (ExecutionScenario meeting : meetings) {
            options = options.addCustomScenario(meeting);
        }
        return options;
    }

    /** One thread does {@code left}, the other {@code right}; a read of each key follows. */
    private static ExecutionScenario meeting(List<Actor> before, List<Actor> left, Actor... right) {
        return new ExecutionScenario(
                before,
                List.of(left, List.of(right)),
                List.of(call("get", 0), call("get", 3)),
                null);
    }

    private static Actor call(String operation, Object... arguments) {
        Method method =
                Stream.of(LincheckStore.class.getMethods())
                        .filter(any -> any.getName().equals(operation))
                        .findFirst()
                        .orElseThrow();
        return new Actor(method, Arrays.asList(arguments));
    }

    /** See {@link Twin#CHANGED_SLOT_SKIPPED}. */
    public static class ChangedSlotSkipped extends LincheckStore {
        public ChangedSlotSkipped() {
            super(Twin.CHANGED_SLOT_SKIPPED.assembly());
        }
    }

    /** See {@link Twin#MISS_NOT_VALIDATED}. */
    public static class MissNotValidated extends LincheckStore {
        public MissNotValidated() {
            super(Twin.MISS_NOT_VALIDATED.assembly());
        }
    }

    /** See {@link Twin#GEOMETRY_PUBLISHED_BEFORE_COPY}. */
    public static class GeometryPublishedBeforeCopy extends LincheckStore {
        public GeometryPublishedBeforeCopy() {
            super(Twin.GEOMETRY_PUBLISHED_BEFORE_COPY.assembly());
        }
    }

    /** See {@link Twin#SWING_BY_CAS}. */
    public static class SwingByCas extends LincheckStore {
        public SwingByCas() {
            super(Twin.SWING_BY_CAS.assembly());
        }
    }

    /** See {@link Twin#TOUCH_LOST_BY_MOVE}. */
    public static class TouchLostByMove extends LincheckStore {
        public TouchLostByMove() {
            super(Twin.TOUCH_LOST_BY_MOVE.assembly());
        }
    }

    /** A count that only the lock keeps exact. */
    public static class Locked {
        private final ShardLock lock = new ShardLock();
        private int count;

        @Operation
        public int next() {
            lock.lock();
            try {
                return ++count;
            } finally {
                lock.unlock();
            }
        }
    }
}
