package io.larder.server.admin;

import static java.util.Objects.requireNonNull;

import io.larder.protocol.text.QuotedText;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Caller;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one line: any number of lines, then {@code END}, {@code OK} or {@code ERROR <code>
 * <text>}; or, where the line began with {@code json}, one JSON value on one line. A command says
 * what it has to say once, and this gives it the form that was asked for. For the thread that runs
 * the command: the connection's event loop.
 *
 * <p>What an answer is in JSON: an array of strings for {@link #line}s, an object for {@link
 * #figure}s, an array of objects for {@link #row}s, the value itself for {@link #value}, the word
 * for {@link #ok} and {@link #only}, and {@code {"error": code, "text": text}} for an error.
 */
public final class AdminReply {
    private final ByteBuf out;
    private final int start;
    private final Caller caller;
    private BooleanSupplier isAdmitted = () -> true;
    private boolean isJson;
    private @Nullable Object content; // what JSON is made of: List, Map or String
    private @Nullable AdminConnection connection;
    private @Nullable AdminStream stream;
    private boolean ended;
    private boolean closing;
    private boolean cancelled;
    private boolean later;

    AdminReply(ByteBuf out) {
        this(out, new Caller(AccessControl.open(), RegionTable.DEFAULT_NAME, ""));
    }

    private AdminReply(ByteBuf out, Caller caller) {
        this.out = out;
        this.caller = caller;
        this.start = out.writerIndex();
    }

    /** An answer that may end after the command has returned. */
    AdminReply(ByteBuf out, AdminConnection connection, Caller caller) {
        this(out, caller);
        this.connection = connection;
    }

    /** An answer that nobody is sent, for what is done later. */
    static AdminReply unsent() {
        return new AdminReply(Unpooled.buffer());
    }

    /** Who has asked. */
    Caller caller() {
        return caller;
    }

    /** Sets what says whether he still may have this answer. */
    void admission(BooleanSupplier newIsAdmitted) {
        isAdmitted = newIsAdmitted;
    }

    /** Whether he may have this answer, by now. */
    boolean isStillAdmitted() {
        return isAdmitted.getAsBoolean();
    }

    /** What it says so far. */
    String text() {
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    /** Has the answer given in JSON; before anything is in it. */
    void asJson() {
        isJson = true;
    }

    /** Adds a line of data. It must not read as an ending; see {@code QuotedText.answer}. */
    public void line(String text) {
        if (isJson) {
            AdminReply.<String>list(this).add(text);
        } else {
            write(text);
        }
    }

    /** Adds {@code STAT name value}. */
    public void figure(String name, Object value) {
        if (isJson) {
            object().put(name, value);
        } else {
            write("STAT " + name + ' ' + text(value));
        }
    }

    /**
     * Adds a row of a table: {@code HEAD name=value name=value}.
     *
     * @param head what the row is, in upper case; not in JSON
     * @param fields by name, in order; numbers, truths, texts and byte arrays
     */
    public void row(String head, Map<String, ?> fields) {
        if (isJson) {
            AdminReply.<Map<String, ?>>list(this).add(fields);
            return;
        }
        StringBuilder line = new StringBuilder(head);
        fields.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(text(value)));
        write(line.toString());
    }

    /** Says that the answer is a table or a list, also if nothing is in it. */
    public void beginList() {
        if (isJson) {
            list(this);
        }
    }

    /**
     * Adds the one value there is.
     *
     * @param value in JSON
     * @param line in a line
     */
    public void value(String value, String line) {
        if (isJson) {
            content = value;
        } else {
            write(line);
        }
    }

    @SuppressWarnings("unchecked") // a command adds things of one kind
    private static <T> List<T> list(AdminReply reply) {
        if (reply.content == null) {
            reply.content = new ArrayList<T>();
        }
        return (List<T>) reply.content;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> object() {
        if (content == null) {
            content = new LinkedHashMap<String, Object>();
        }
        return (Map<String, Object>) content;
    }

    /** A value among others in a line: quoted if it has blanks, quotes or control characters. */
    private static String text(Object value) {
        byte[] bytes =
                value instanceof byte[] raw
                        ? raw
                        : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        String plain = QuotedText.answer(bytes);
        return plain.indexOf(' ') < 0 || plain.startsWith("\"") ? plain : QuotedText.quote(bytes);
    }

    private void write(String text) {
        assert !ended : text;
        assert text.indexOf('\n') < 0 : text;
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte('\n');
    }

    /** Ends an answer of lines, figures or rows. */
    public void end() {
        last(isJson ? JsonLine.of(content) : "END");
    }

    /** Ends an answer to what has been done. */
    public void ok() {
        only("OK");
    }

    /** The whole answer in one word, for {@code ruok}. */
    void only(String word) {
        last(isJson ? JsonLine.of(word) : word);
    }

    /**
     * Ends the answer in failure; lines already added are taken back.
     *
     * @param code lower-case words joined by hyphens
     * @param text the input and what was expected; what does not belong into a line is replaced
     */
    public void error(String code, String text) {
        out.writerIndex(start);
        ended = false;
        if (isJson) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("error", code);
            error.put("text", text);
            last(JsonLine.of(error));
            return;
        }
        StringBuilder line = new StringBuilder("ERROR ").append(code).append(' ');
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        last(line.toString());
    }

    private void last(String text) {
        write(text);
        ended = true;
        AdminConnection waiting = connection;
        if (waiting != null) {
            waiting.ended(this);
        }
    }

    /**
     * The connection that waits for this answer, for a command that ends it after it has returned,
     * on the connection's event loop; no further line of the connection is looked at until then.
     */
    public AdminConnection connection() {
        later = true;
        return requireNonNull(connection, "this answer has to end at once");
    }

    /** Has lines sent as they come, until the client sends another line. */
    void stream(AdminStream newStream) {
        stream = newStream;
    }

    @Nullable AdminStream stream() {
        return stream;
    }

    /** Has the connection closed once the answer is sent. */
    public void closeConnection() {
        closing = true;
    }

    /** Nobody waits for the answer any more: the connection is gone. */
    void cancel() {
        cancelled = true;
        if (stream != null) {
            stream.close();
        }
    }

    /** Whether nobody waits for the answer any more. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether the command has asked for the connection, to end the answer later. */
    boolean mayEndLater() {
        return later || stream != null;
    }

    boolean isJson() {
        return isJson;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isClosing() {
        return closing;
    }

    ByteBuf out() {
        return out;
    }
}
