package io.larder.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lettuce, over one connection. */
final class LettuceContender implements Contender {
    private final byte[][] keys;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisCommands<byte[], byte[]> sync;
    private final RedisAsyncCommands<byte[], byte[]> async;

    LettuceContender(String host, int port, int keys) {
        this.keys = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            this.keys[i] = ContenderKind.keyText(i).getBytes(UTF_8);
        }
        this.client = RedisClient.create(RedisURI.create(host, port));
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.sync = connection.sync();
        this.async = connection.async();
    }

    @Override
    public void set(int key, byte[] value) {
        sync.set(keys[key], value);
    }

    @Override
    public byte @Nullable [] get(int key) {
        return sync.get(keys[key]);
    }

    @Override
    public void getAsync(int key, Answer answer) {
        var unused = async.get(keys[key]).whenComplete(answer::take);
    }

    @Override
    public boolean isAsynchronous() {
        return true;
    }

    @Override
    public int getAll(List<Integer> wanted, int valueBytes) {
        byte[][] wantedKeys = new byte[wanted.size()][];
        for (int i = 0; i < wantedKeys.length; i++) {
            wantedKeys[i] = keys[wanted.get(i)];
        }
        int right = 0;
        for (KeyValue<byte[], byte[]> value : sync.mget(wantedKeys)) {
            right += value.hasValue() && value.getValue().length == valueBytes ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
