package io.larder.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLoadTest {
    private final Overload overload = new Overload();
    private final LoopPass pass = LoopPass.current();
    private final LoopLoad load = new LoopLoad(overload, pass);
    private long nowNanos = TimeUnit.SECONDS.toNanos(1);

    LoopLoadTest() {
        overload.delayMillisMax(10);
    }

    private void advance(double millis) {
        nowNanos += (long) (millis * 1_000_000);
    }

    /** A pass of one batch that takes so long; whether its last request was refused. */
    private boolean pass(double millis) {
        pass.begin();
        load.beginBatch(nowNanos);
        advance(millis);
        load.look(nowNanos);
        boolean isRefused = load.isStrained() && load.refuses(nowNanos);
        load.endBatch(nowNanos);
        advance(0.02);
        return isRefused;
    }

    @Test
    void shortPasses_refuseNothing_howeverLongTheyGoOn() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pass(9)).isFalse();
        }
    }

    @Test
    void latePasses_refuse_onceTheyHaveBeenLateForAWhile() {
        int passes = 0;
        while (!pass(40)) {
            passes++;
        }
        assertThat(passes).isBetween(2, 4);
        assertThat(pass(40)).isTrue();
        assertThat(pass(10.5)).isTrue();
    }

    @Test
    void withinAStrainedPass_theFirstRequestsAreCarriedOut() {
        while (!pass(40)) {
            // not yet
        }
        pass.begin();
        load.beginBatch(nowNanos);
        assertThat(load.isStrained()).isTrue();
        assertThat(load.refuses(nowNanos)).isFalse();
        advance(10.1);
        assertThat(load.refuses(nowNanos)).isTrue();
    }

    @Test
    void aPassThatIsNotLate_refusesNothing_butALateOneDoes_forASecond() {
        while (!pass(40)) {
            // not yet
        }
        assertThat(pass(5)).isFalse();
        assertThat(pass(40)).isTrue();
        advance(900);
        assertThat(pass(40)).isTrue();
        advance(200);
        assertThat(pass(40)).isFalse();
        assertThat(pass(40)).isFalse();
    }

    @Test
    void lateness_isFoundAnew_aSecondAfter() {
        while (!pass(40)) {
            // not yet
        }
        advance(1_100);
        int passes = 0;
        while (!pass(40)) {
            passes++;
        }
        assertThat(passes).isBetween(2, 4);
    }

    @Test
    void onePauseOfTheProcess_refusesNothingLater() {
        pass(1);
        pass(300);
        assertThat(pass(1)).isFalse();
        assertThat(pass(11)).isFalse();
    }

    @Test
    void oneEndlessPass_isCutShort() {
        pass(1);
        assertThat(pass(499)).isFalse();
        advance(2);
        pass(1);
        assertThat(pass(501)).isTrue();
    }

    @Test
    void withoutADelay_orWithoutPasses_nothingIsRefused() {
        overload.delayMillisMax(0);
        for (int i = 0; i < 20; i++) {
            assertThat(pass(400)).isFalse();
        }
        overload.delayMillisMax(10);
        LoopLoad uncounted = new LoopLoad(overload, unbegun());
        for (int i = 0; i < 20; i++) {
            uncounted.beginBatch(nowNanos);
            advance(400);
            uncounted.look(nowNanos);
            assertThat(uncounted.isStrained()).isFalse();
            uncounted.endBatch(nowNanos);
        }
    }

    /** That of a thread that counts no passes. */
    private static LoopPass unbegun() {
        LoopPass[] seen = new LoopPass[1];
        Thread thread = new Thread(() -> seen[0] = LoopPass.current());
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return seen[0];
    }
}
