package io.larder.client.net;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A read of many keys, some of which may be hot: those are read each by itself, of which most need
 * no request, the others together. On the caller's thread; used once.
 */
final class HotAmongMany<T> {
    private final List<@Nullable CompletableFuture<Optional<T>>> hot; // null: among the others
    private final List<byte[]> others;

    private HotAmongMany(int count) {
        this.hot = new ArrayList<>(count);
        this.others = new ArrayList<>(count);
    }

    /**
     * What is there of the keys, in their order.
     *
     * @param one reads a key that is hot
     * @param many reads all others, in their order
     */
    static <T> CompletableFuture<List<Optional<T>>> read(
            List<byte[]> keys,
            Predicate<byte[]> isHot,
            Function<byte[], CompletableFuture<Optional<T>>> one,
            Function<List<byte[]>, CompletableFuture<List<Optional<T>>>> many) {
        HotAmongMany<T> divided = new HotAmongMany<>(keys.size());
        for (byte[] key : keys) {
            if (isHot.test(key)) {
                divided.hot.add(one.apply(key));
            } else {
                divided.hot.add(null);
                divided.others.add(key);
            }
        }
        return divided.others.size() == keys.size() ? many.apply(keys) : divided.join(many);
    }

    private CompletableFuture<List<Optional<T>>> join(
            Function<List<byte[]>, CompletableFuture<List<Optional<T>>>> many) {
        CompletableFuture<List<Optional<T>>> rest = many.apply(others);
        List<CompletableFuture<?>> parts = new ArrayList<>();
        parts.add(rest);
        for (CompletableFuture<Optional<T>> one : hot) {
            if (one != null) {
                parts.add(one);
            }
        }
        return AllOf.parts(parts, () -> inOrder(rest.join()));
    }

    private List<Optional<T>> inOrder(List<Optional<T>> rest) {
        Iterator<Optional<T>> following = rest.iterator();
        List<Optional<T>> values = new ArrayList<>(hot.size());
        for (CompletableFuture<Optional<T>> one : hot) {
            values.add(one == null ? requireNonNull(following.next()) : one.join());
        }
        return values;
    }
}
