package io.larder.bench.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.bench.store.Zipfian;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Something to look at: a program that reads keys of several prefixes by Zipf's law and stores what
 * it misses, more than fits; overwrites, deletes and lets expire some; and reads one key in every
 * fifth call. One thread of its own, at a fixed rate; {@link #close} ends it.
 *
 * <p>Some of its keys are what a page must not take for its own: markup, control characters, marks
 * that turn text around, bytes that are no text, and as long as a key may be. The hottest is one.
 */
final class ConsoleLoad implements AutoCloseable {
    /** The key of every fifth call. */
    static final String HOT = "hot:<img src=x onerror=\"document.title='broken'\">&lt;b&gt;";

    /** Bytes of the longest key there can be. */
    private static final int KEY_BYTES_MAX = 4095;

    private static final int KEYS = 150_000;
    private static final int VALUE_BYTES = 900;
    private static final List<String> PREFIXES = List.of("session:", "user:", "article:", "cart:");
    private static final Ttl SHORT = Ttl.of(Duration.ofSeconds(5));
    private static final long SEED = 7;

    private final Larder larder; // its own
    private final int rate;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Zipfian ranks = new Zipfian(KEYS, random);
    private final List<byte[]> hostile = hostileKeys();
    private final Thread thread = new Thread(this::run, "console-load");
    private volatile boolean stopped;
    private volatile long operations; // written by its thread
    private volatile String failure = "";

    private ConsoleLoad(Larder larder, int rate) {
        this.larder = larder;
        this.rate = rate;
    }

    /**
     * Begins.
     *
     * @param uri of the server
     * @param rate calls a second
     */
    static ConsoleLoad begin(String uri, int rate) {
        ConsoleLoad load = new ConsoleLoad(Larder.connect(uri), rate);
        load.thread.start();
        return load;
    }

    private static List<byte[]> hostileKeys() {
        byte[] markup = new byte[KEY_BYTES_MAX];
        byte[] script = "<script>document.title='broken'</script>".getBytes(UTF_8);
        for (int i = 0; i < markup.length; i++) {
            markup[i] = script[i % script.length];
        }
        byte[] controls = new byte[64];
        byte[] noText = new byte[64];
        for (int i = 0; i < controls.length; i++) {
            controls[i] = (byte) (i % 32);
            noText[i] = (byte) (0x80 + i);
        }
        return List.of(
                markup,
                controls,
                noText,
                "</td></table><style>*{display:none}</style>".getBytes(UTF_8),
                "abc\u202Edcba\u2028\u200B\u0007".getBytes(UTF_8));
    }

    private void run() {
        BytesCache cache = larder.cache();
        long startNanos = System.nanoTime();
        try {
            for (long call = 0; !stopped; call++) {
                long dueNanos = startNanos + call * TimeUnit.SECONDS.toNanos(1) / rate;
                long left = dueNanos - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(left);
                }
                call(cache, call);
                operations = call + 1;
            }
        } catch (LarderException e) {
            failure = e.toString();
        }
    }

    private void call(BytesCache cache, long call) {
        if (call % 5 == 0) {
            read(cache, HOT.getBytes(UTF_8));
        } else if (call % 97 == 0) {
            byte[] key = hostile.get(random.nextInt(hostile.size()));
            if (random.nextBoolean()) {
                read(cache, key);
            } else {
                cache.delete(key);
            }
        } else if (call % 89 == 0) {
            byte[] key = ("otp:" + random.nextInt(KEYS)).getBytes(UTF_8);
            cache.put(key, value(key), PutOptions.DEFAULT.ttl(SHORT));
        } else if (call % 13 == 0) {
            byte[] key = key();
            cache.put(key, value(key));
        } else {
            read(cache, key());
        }
    }

    private byte[] key() {
        int rank = ranks.next();
        return (PREFIXES.get(rank % PREFIXES.size()) + rank).getBytes(UTF_8);
    }

    private static void read(BytesCache cache, byte[] key) {
        if (cache.get(key).isEmpty()) {
            cache.put(key, value(key));
        }
    }

    private static byte[] value(byte[] key) {
        return Arrays.copyOf(key, VALUE_BYTES);
    }

    /** Calls made so far. */
    long operations() {
        return operations;
    }

    /** Why it ended before it was told to; empty if it did not. */
    String failure() {
        return failure;
    }

    /** Ends it. Locking: blocks until its last call is answered. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("console: interrupted while the load was to end", e);
        } finally {
            larder.close();
        }
    }
}
