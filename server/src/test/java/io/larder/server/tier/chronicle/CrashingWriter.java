package io.larder.server.tier.chronicle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.StoreListener;
import io.larder.server.store.WriteStatus;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A program that writes to a region's file without end, and says the number of each write on its
 * output once it is acknowledged: to be killed. What write number {@code n} does follows from n.
 */
final class CrashingWriter {
    static final int KEYS = 400;
    static final int ENTRIES = 1_000;
    private static final int DELETE_EVERY = 7;

    private CrashingWriter() {}

    static ChronicleStore open(Path file) throws IOException {
        ChronicleStore store =
                ChronicleStore.open(
                        new ChronicleSettings("vault", file, ENTRIES, 8, 128),
                        new KeyHasher(1, 2),
                        StoreListener.NONE);
        store.define(2);
        return store;
    }

    static int keyOf(int write) {
        return write * 31 % KEYS;
    }

    static byte[] key(int key) {
        return ("key " + key).getBytes(ISO_8859_1);
    }

    /** The value that a write leaves; null if it deletes. */
    static String valueOf(int write) {
        return write % DELETE_EVERY == 0 ? null : (write + ":").repeat(1 + write % 30);
    }

    static void write(ChronicleStore store, int write) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), 2, key(keyOf(write)));
        String value = valueOf(write);
        if (value == null) {
            store.delete(mutation, 1_000);
            return;
        }
        byte[] bytes = value.getBytes(ISO_8859_1);
        mutation.value.wrap(bytes, 0, bytes.length);
        WriteStatus status = store.put(mutation, 1_000);
        if (status != WriteStatus.DONE) {
            throw new IllegalStateException("write " + write + ": " + status);
        }
    }

    /** Arguments: the file, the number of the first write. */
    public static void main(String[] arguments) throws IOException {
        DataOutputStream out = new DataOutputStream(System.out);
        System.setOut(System.err); // where logs may go
        ChronicleStore store = open(Path.of(arguments[0]));
        for (int write = Integer.parseInt(arguments[1]); ; write++) {
            write(store, write);
            out.writeInt(write);
            out.flush();
        }
    }
}
