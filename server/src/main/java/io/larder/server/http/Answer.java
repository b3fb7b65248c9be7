package io.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;

/** What is answered to a request. Immutable; the body belongs to it. */
final class Answer {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final HttpResponseStatus status;
    private final String contentType;
    private final byte[] body;

    /**
     * @param contentType with its character set
     */
    Answer(HttpResponseStatus status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    HttpResponseStatus status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }

    /** One line for people. */
    static Answer line(HttpResponseStatus status, String text) {
        return new Answer(status, TEXT, (text + '\n').getBytes(UTF_8));
    }

    /** One JSON object. */
    static Answer json(HttpResponseStatus status, JsonText.Content content) {
        return new Answer(status, JSON, JsonText.of(content));
    }

    /** One JSON array. */
    static Answer jsonArray(HttpResponseStatus status, JsonText.Content content) {
        return new Answer(status, JSON, JsonText.ofArray(content));
    }
}
