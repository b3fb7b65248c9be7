package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.Larder;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Something to ask of a server. Immutable; the arrays belong to it.
 *
 * <p>Numbers come as text and are checked here: an {@link InputException} says what was expected.
 */
final class Operation {
    private static final byte[] NO_KEY = new byte[0];

    private final byte[] key;
    private final int requestBytes;
    private final Function<Larder, CompletableFuture<Answer>> call;

    private Operation(
            byte[] key, int requestBytes, Function<Larder, CompletableFuture<Answer>> call) {
        this.key = key;
        this.requestBytes = requestBytes;
        this.call = call;
    }

    /** Asks; wrong arguments are thrown, everything else fails the future. */
    CompletableFuture<Answer> start(Larder larder) {
        return call.apply(larder);
    }

    /** The key it is about; empty if it is about none. */
    byte[] key() {
        return key;
    }

    /** About how many bytes it sends. */
    int requestBytes() {
        return requestBytes;
    }

    static Operation get(byte[] key) {
        return new Operation(
                key,
                key.length,
                larder ->
                        larder.async()
                                .get(key)
                                .thenApply(value -> value.map(Answer::value).orElse(Answer.MISS)));
    }

    static Operation set(byte[] key, byte[] value, PutOptions options) {
        return new Operation(
                key,
                key.length + value.length,
                larder ->
                        larder.async()
                                .put(key, value, options)
                                .thenApply(result -> Answer.found(result.isApplied())));
    }

    /** Stores with a time to live, in milliseconds. */
    static Operation set(byte[] key, byte[] value, String ttlMillis) {
        Ttl ttl = Ttl.ofMillis(number("ttl", ttlMillis, 1));
        return set(key, value, PutOptions.DEFAULT.ttl(ttl));
    }

    /** Adds to a counter; an absent one starts at 0. */
    static Operation increment(byte[] key, String delta) {
        long number = number("delta", delta, Long.MIN_VALUE);
        return new Operation(
                key,
                key.length,
                larder ->
                        larder.async()
                                .increment(key, number, 0, Ttl.REGION_DEFAULT)
                                .thenApply(Answer::number));
    }

    static Operation delete(byte[] key) {
        return new Operation(
                key, key.length, larder -> larder.async().delete(key).thenApply(Answer::found));
    }

    static Operation touch(byte[] key, String ttlMillis) {
        Ttl ttl = Ttl.ofMillis(number("millis", ttlMillis, 1));
        return new Operation(
                key, key.length, larder -> larder.async().touch(key, ttl).thenApply(Answer::found));
    }

    static Operation ping() {
        return new Operation(
                NO_KEY, 0, larder -> larder.pingAsync().thenApply(roundTrip -> Answer.OK));
    }

    private static long number(String name, String text, long min) {
        try {
            long number = Long.parseLong(text);
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InputException(
                "bad-number",
                name + ": " + text + " (expected: " + min + ".." + Long.MAX_VALUE + ")");
    }

    /** The bytes of an argument. */
    static byte[] bytes(String argument) {
        return argument.getBytes(UTF_8);
    }
}
