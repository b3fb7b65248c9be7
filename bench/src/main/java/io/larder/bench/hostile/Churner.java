package io.larder.bench.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/** Connects and disconnects in every bad way there is. One thread; counts are shared. */
final class Churner {
    /** A way to go. */
    enum Way {
        /** Asks, is answered, closes. */
        POLITE,
        /** Asks, and resets before the answer. */
        RESET,
        /** Leaves in the middle of a frame. */
        HALF_FRAME,
        /** Says nothing. */
        SILENT,
        /** Sends what is no protocol. */
        GARBAGE,
        /** Asks for much, reads none of it, resets. */
        DEAF,
        /** Leaves in the middle of a memcached or RESP command. */
        HALF_COMMAND
    }

    private static final Way[] WAYS = Way.values();
    private static final int GETS = 100;
    private static final int VALUE_BYTES_MAX = 40_000;

    private final Map<String, InetSocketAddress> listeners;
    private final SplittableRandom random;
    private final Map<Way, LongAdder> counts;
    private final LongAdder wrong;

    /**
     * @param listeners {@code data}, {@code memcached} and {@code resp}
     * @param wrong counts polite requests that were not answered
     */
    Churner(
            Map<String, InetSocketAddress> listeners,
            SplittableRandom random,
            Map<Way, LongAdder> counts,
            LongAdder wrong) {
        this.listeners = listeners;
        this.random = random;
        this.counts = counts;
        this.wrong = wrong;
    }

    void step() {
        Way way = WAYS[random.nextInt(WAYS.length)];
        try {
            take(way);
        } catch (IOException cutOff) {
            if (way == Way.POLITE) {
                wrong.increment();
            }
        }
        LongAdder count = counts.get(way);
        if (count != null) {
            count.increment();
        }
    }

    private void take(Way way) throws IOException {
        switch (way) {
            case POLITE -> polite();
            case RESET -> {
                RawConnection connection = RawConnection.greeted(address("data"));
                connection.send(RawConnection.set(key(), value(), 1));
                connection.reset();
            }
            case HALF_FRAME -> {
                RawConnection connection = RawConnection.greeted(address("data"));
                connection.send(part(RawConnection.set(key(), value(), 1)));
                end(connection);
            }
            case SILENT -> end(new RawConnection(address(anyListener())));
            case GARBAGE -> {
                RawConnection connection = new RawConnection(address(anyListener()));
                byte[] garbage = new byte[1 + random.nextInt(2_000)];
                random.nextBytes(garbage);
                connection.send(garbage);
                end(connection);
            }
            case DEAF -> {
                RawConnection connection = RawConnection.greeted(address("data"));
                for (int i = 1; i <= GETS; i++) {
                    connection.send(RawConnection.get(key(), i));
                }
                connection.reset();
            }
            case HALF_COMMAND -> {
                boolean isResp = random.nextBoolean();
                RawConnection connection =
                        new RawConnection(address(isResp ? "resp" : "memcached"));
                String command =
                        isResp
                                ? "*3\r\n$3\r\nSET\r\n$2\r\nab\r\n$9\r\n123456789\r\n"
                                : "set ab 0 0 9\r\n123456789\r\n";
                connection.send(part(command.getBytes(ISO_8859_1)));
                end(connection);
            }
        }
    }

    private void polite() throws IOException {
        try (RawConnection connection = RawConnection.greeted(address("data"))) {
            for (int i = 1; i < 5; i++) {
                connection.send(
                        random.nextBoolean()
                                ? RawConnection.set(key(), value(), i)
                                : RawConnection.get(key(), i));
                connection.status();
            }
        }
    }

    private void end(RawConnection connection) throws IOException {
        if (random.nextBoolean()) {
            connection.reset();
        } else {
            connection.close();
        }
    }

    private byte[] part(byte[] whole) {
        return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
    }

    private String key() {
        return "key " + random.nextInt(2_000);
    }

    private byte[] value() {
        return new byte[random.nextInt(random.nextInt(8) == 0 ? VALUE_BYTES_MAX : 500) + 1];
    }

    private String anyListener() {
        return switch (random.nextInt(3)) {
            case 0 -> "memcached";
            case 1 -> "resp";
            default -> "data";
        };
    }

    private InetSocketAddress address(String listener) throws IOException {
        InetSocketAddress address = listeners.get(listener);
        if (address == null) {
            throw new IOException(listener + ": no such listener");
        }
        return address;
    }
}
