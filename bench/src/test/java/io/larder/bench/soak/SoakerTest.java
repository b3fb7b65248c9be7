package io.larder.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.LarderStore;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** That a soak would notice: stores that err once in a while, and one that does not. */
class SoakerTest {
    private static final int STEPS = 40_000;
    private static final int KEYS = 2_000;

    /**
     * An error goes unseen if its key is evicted or written next, so there must be many: of some
     * 1,600 deletes about 40.
     */
    private static final int ERRS_EVERY = 40;

    private final SoakTally tally = new SoakTally();

    /** What a faulty store does instead of every so-many-th call of a method. */
    private interface Fault {
        Object instead(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private void soak(String method, Fault fault) throws Exception {
        LarderStore[] opened = new LarderStore[1];
        try (LarderStore store = LarderStore.open(4 << 20)) {
            opened[0] = store;
            RegionTable regions = new RegionTable(space -> {});
            for (int region = 1; region < Soaker.REGIONS; region++) {
                regions.open("soak-" + region);
            }
            SoakModel model = new SoakModel(KEYS, 1);
            Soaker soaker =
                    new Soaker(
                            0,
                            new Soaker.Shared(
                                    model,
                                    tally,
                                    faulty(store.store(), method, fault),
                                    store.clock(),
                                    regions,
                                    new SoakSizes(false)),
                            new SplittableRandom(11));
            for (int step = 0; step < STEPS; step++) {
                soaker.step();
            }
        }
    }

    private static Store faulty(Store store, String name, Fault fault) {
        int[] calls = new int[1];
        InvocationHandler handler =
                (proxy, method, arguments) -> {
                    if (method.getName().equals(name) && ++calls[0] % ERRS_EVERY == 0) {
                        return fault.instead(method, arguments);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                };
        return (Store)
                Proxy.newProxyInstance(
                        Store.class.getClassLoader(), new Class<?>[] {Store.class}, handler);
    }

    @Test
    void storeThatIsRight_isNotFoundWrong() throws Exception {
        soak("none", (method, arguments) -> null);

        assertThat(tally.wrong()).isZero();
        assertThat(tally.operations.sum()).isEqualTo(STEPS);
        assertThat(tally.hits.sum()).isPositive();
    }

    @Test
    void putThatIsLost_isNoticed() throws Exception {
        soak("put", (method, arguments) -> WriteStatus.DONE);

        assertThat(tally.wrong()).isPositive();
    }

    @Test
    void deleteThatIsNotDone_isNoticed() throws Exception {
        soak("delete", (method, arguments) -> WriteStatus.DONE);

        assertThat(tally.wrong()).isPositive();
    }

    @Test
    void touchThatIsLost_isNoticed() throws Exception {
        soak("touch", (method, arguments) -> WriteStatus.DONE);

        assertThat(tally.wrong()).isPositive();
    }

    @Test
    void incrementThatIsLost_isNoticed() throws Exception {
        soak("increment", (method, arguments) -> WriteStatus.DONE);

        assertThat(tally.wrong()).isPositive();
    }
}
