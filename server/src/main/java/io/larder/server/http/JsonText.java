package io.larder.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes one JSON object, or array, and a line feed, UTF-8. For any thread. */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** Writes the fields of an object, or the elements of an array. */
    @FunctionalInterface
    interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] of(Content content) {
        return value(
                json -> {
                    json.writeStartObject();
                    content.write(json);
                    json.writeEndObject();
                });
    }

    static byte[] ofArray(Content content) {
        return value(
                json -> {
                    json.writeStartArray();
                    content.write(json);
                    json.writeEndArray();
                });
    }

    private static byte[] value(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            content.write(json);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }
}
