package io.larder.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.Larder;
import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Larder client. */
final class LarderContender implements Contender {
    private final byte[][] keys;
    private final Larder larder;
    private final BytesCache cache;
    private final AsyncBytesCache async;

    LarderContender(String host, int port, int keys) {
        this.keys = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            this.keys[i] = ContenderKind.keyText(i).getBytes(UTF_8);
        }
        this.larder = Larder.connect("larder://" + host + ':' + port);
        this.cache = larder.cache();
        this.async = cache.async();
    }

    @Override
    public void set(int key, byte[] value) {
        cache.put(keys[key], value);
    }

    @Override
    public byte @Nullable [] get(int key) {
        return cache.get(keys[key]).orElse(null);
    }

    @Override
    public void getAsync(int key, Answer answer) {
        var unused =
                async.get(keys[key])
                        .whenComplete(
                                (found, failure) ->
                                        answer.take(
                                                failure == null ? found.orElse(null) : null,
                                                failure));
    }

    @Override
    public boolean isAsynchronous() {
        return true;
    }

    @Override
    public int getAll(List<Integer> wanted, int valueBytes) {
        List<byte[]> wantedKeys = new ArrayList<>(wanted.size());
        for (int key : wanted) {
            wantedKeys.add(keys[key]);
        }
        int right = 0;
        for (Optional<byte[]> value : cache.getAll(wantedKeys)) {
            right += value.isPresent() && value.get().length == valueBytes ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() {
        larder.close();
    }
}
