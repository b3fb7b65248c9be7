package io.larder.server.admin;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one line: any number of lines, then {@code END}, {@code OK} or {@code ERROR <code>
 * <text>}. For the thread that runs the command.
 */
public final class AdminReply {
    private final ByteBuf out;
    private final int start;
    private boolean ended;
    private boolean closing;

    AdminReply(ByteBuf out) {
        this.out = out;
        this.start = out.writerIndex();
    }

    /** Adds a line of data. It must not read as an ending; see {@code QuotedText.answer}. */
    public void line(String text) {
        assert !ended : text;
        assert text.indexOf('\n') < 0 : text;
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte('\n');
    }

    /** Ends an answer of lines. */
    public void end() {
        last("END");
    }

    /** Ends an answer to what has been done. */
    public void ok() {
        last("OK");
    }

    /** The whole answer in one word, for {@code ruok}. */
    void only(String word) {
        last(word);
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
        StringBuilder line = new StringBuilder("ERROR ").append(code).append(' ');
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        last(line.toString());
    }

    private void last(String text) {
        line(text);
        ended = true;
    }

    /** Has the connection closed once the answer is sent. */
    public void closeConnection() {
        closing = true;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isClosing() {
        return closing;
    }
}
