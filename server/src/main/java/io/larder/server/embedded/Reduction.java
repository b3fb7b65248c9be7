package io.larder.server.embedded;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a reduction has come to: null while nothing was added. For one thread at a time. */
final class Reduction<R> implements Consumer<Entry> {
    private final Function<? super Entry, ? extends @Nullable R> transformer;
    private final BiFunction<? super R, ? super R, ? extends R> reducer;
    @Nullable R result;

    Reduction(
            Function<? super Entry, ? extends @Nullable R> transformer,
            BiFunction<? super R, ? super R, ? extends R> reducer) {
        this.transformer = transformer;
        this.reducer = reducer;
    }

    @Override
    public void accept(Entry entry) {
        add(transformer.apply(entry));
    }

    void add(@Nullable R value) {
        if (value != null) {
            result = result == null ? value : reducer.apply(result, value);
        }
    }
}
