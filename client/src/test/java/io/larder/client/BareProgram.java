package io.larder.client;

import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.Compression;
import io.larder.client.api.NearOptions;

/** A program that has the client and what it needs at run time, and nothing else. */
public final class BareProgram {
    private BareProgram() {}

    /** Takes the server's URI. */
    public static void main(String[] arguments) {
        try (Larder larder = Larder.connect(arguments[0])) {
            Cache<String, String> texts = larder.cache("texts", Codec.utf8(), Codec.utf8());
            texts.put("greeting", "hello");
            System.out.println(texts.get("greeting").orElseThrow());
            sayWhy(() -> larder.nearCache("near", NearOptions.DEFAULT));
        }
        sayWhy(() -> Codec.json(String.class));
        for (Compression compression : Compression.values()) {
            sayWhy(() -> Codec.compressed(Codec.utf8(), compression, 100));
        }
    }

    private static void sayWhy(Runnable missing) {
        try {
            missing.run();
            System.out.println("not missing");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
