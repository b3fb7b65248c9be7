package io.larder.bench.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClient;
import org.jspecify.annotations.Nullable;

/** Xmemcached, over one connection; it can only wait. */
final class XmemcachedContender implements Contender {
    private final String[] keys;
    private final MemcachedClient client;

    XmemcachedContender(String host, int port, int keys) {
        this.keys = new String[keys];
        for (int i = 0; i < keys; i++) {
            this.keys[i] = ContenderKind.keyText(i);
        }
        try {
            this.client = new XMemcachedClient(host, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void set(int key, byte[] value) throws Exception {
        client.set(keys[key], 0, value);
    }

    @Override
    public byte @Nullable [] get(int key) throws Exception {
        return client.get(keys[key]);
    }

    @Override
    public void getAsync(int key, Answer answer) {
        throw new UnsupportedOperationException("getAsync: xmemcached only waits");
    }

    @Override
    public boolean isAsynchronous() {
        return false;
    }

    @Override
    public int getAll(List<Integer> wanted, int valueBytes) throws Exception {
        List<String> wantedKeys = new ArrayList<>(wanted.size());
        for (int key : wanted) {
            wantedKeys.add(keys[key]);
        }
        int right = 0;
        for (byte[] value : client.<byte[]>get(wantedKeys).values()) {
            right += value.length == valueBytes ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() {
        try {
            client.shutdown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
