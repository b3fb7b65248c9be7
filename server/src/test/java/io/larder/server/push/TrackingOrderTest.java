package io.larder.server.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * No writer of a key is done before who keeps a copy is told, whichever writer does the telling.
 */
class TrackingOrderTest {
    private static final int STRIPE_BYTES = 1 << 14;
    private static final long SPREAD = 5;

    private final CountDownLatch offering = new CountDownLatch(1);
    private final CountDownLatch mayOffer = new CountDownLatch(1);
    private final Key key = new Key().wrap(new KeyHasher(1, 2), 7, "k".getBytes(UTF_8));

    /** A queue whose offers take as long as the test likes. */
    private final PushQueue slow =
            new PushQueue(PushQueue.BYTES_MAX, new StripedCounter()) {
                @Override
                void offer(Push push) {
                    offering.countDown();
                    pass(mayOffer);
                    super.offer(push);
                }
            };

    /** The twin that takes the key out of its bucket before it tells. */
    private static final class ForgetsFirst extends TrackingStripe {
        ForgetsFirst() {
            super(STRIPE_BYTES);
        }

        @Override
        void tellAndForget(int bucket, Tracked tracked) {
            forget(bucket, tracked);
            tracked.offerAll();
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The second writer's state while the first one is telling. */
    private Thread.State secondWriterWhileTelling(TrackingStripe stripe) throws Exception {
        stripe.track(slow, 0, key, SPREAD);
        Thread first = new Thread(() -> stripe.changed(key, SPREAD));
        Thread second = new Thread(() -> stripe.changed(key, SPREAD));
        first.start();
        pass(offering);
        second.start();
        await().until(
                        () ->
                                second.getState() == Thread.State.BLOCKED
                                        || second.getState() == Thread.State.TERMINATED);
        Thread.State state = second.getState();
        mayOffer.countDown();
        first.join();
        second.join();
        assertThat(slow.isEmpty()).isFalse();
        return state;
    }

    @Test
    void secondWriter_waitsUntilTheFirstHasTold() throws Exception {
        assertThat(secondWriterWhileTelling(new TrackingStripe(STRIPE_BYTES)))
                .isEqualTo(Thread.State.BLOCKED);
    }

    @Test
    void twinThatForgetsBeforeItTells_isFoundOut() throws Exception {
        assertThat(secondWriterWhileTelling(new ForgetsFirst())).isEqualTo(Thread.State.TERMINATED);
    }
}
