package io.larder.bench.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import net.spy.memcached.MemcachedClient;
import org.jspecify.annotations.Nullable;

/** Spymemcached, over its one connection. */
final class SpymemcachedContender implements Contender {
    private final String[] keys;
    private final MemcachedClient client;

    SpymemcachedContender(String host, int port, int keys) {
        this.keys = new String[keys];
        for (int i = 0; i < keys; i++) {
            this.keys[i] = ContenderKind.keyText(i);
        }
        try {
            this.client = new MemcachedClient(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void set(int key, byte[] value) throws Exception {
        client.set(keys[key], 0, value).get();
    }

    @Override
    public byte @Nullable [] get(int key) {
        return (byte[]) client.get(keys[key]);
    }

    @Override
    public void getAsync(int key, Answer answer) {
        var unused =
                client.asyncGet(keys[key])
                        .addListener(
                                answered -> {
                                    byte[] value;
                                    try {
                                        value = (byte[]) answered.get();
                                    } catch (Exception e) {
                                        answer.take(null, e);
                                        return;
                                    }
                                    answer.take(value, null);
                                });
    }

    @Override
    public boolean isAsynchronous() {
        return true;
    }

    @Override
    public int getAll(List<Integer> wanted, int valueBytes) {
        List<String> wantedKeys = new ArrayList<>(wanted.size());
        for (int key : wanted) {
            wantedKeys.add(keys[key]);
        }
        int right = 0;
        for (Object value : client.getBulk(wantedKeys).values()) {
            right += ((byte[]) value).length == valueBytes ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
