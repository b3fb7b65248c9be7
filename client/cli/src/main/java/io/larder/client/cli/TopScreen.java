package io.larder.client.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * A terminal's whole screen, until closed: what was there comes back then. Only what has changed is
 * drawn. For one thread.
 */
final class TopScreen implements AutoCloseable {
    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;
    private static final int SLICE_MILLIS = 200;

    private final Terminal terminal;
    private final Display display;
    private final Attributes attributes;
    private Size size = Size.of(0, 0);

    TopScreen(Terminal terminal) {
        this.terminal = terminal;
        display = new Display(terminal, true);
        attributes = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Lines that there is room for. */
    int rows() {
        resize();
        return size.getRows();
    }

    /** Characters that a line has room for. */
    int columns() {
        return size.getColumns();
    }

    private void resize() {
        Size present = terminal.getSize();
        if (!present.equals(size)) {
            size = Size.of(present);
            display.resize(size);
            display.clear();
        }
    }

    /** Draws the first line in reverse, as a title, and the others below it. */
    void draw(List<String> lines) {
        List<AttributedString> styled =
                new ArrayList<>(lines.stream().map(AttributedString::new).toList());
        String title = lines.get(0);
        String whole = title + " ".repeat(Math.max(0, size.getColumns() - title.length()));
        styled.set(0, new AttributedString(whole, AttributedStyle.INVERSE));
        while (styled.size() < size.getRows()) {
            styled.add(AttributedString.EMPTY);
        }
        display.update(styled, 0);
    }

    /**
     * Waits for a key that ends it, or for the time to pass; the size is looked at meanwhile.
     *
     * @return whether it is to end
     */
    boolean awaitQuit(long millis) throws IOException {
        NonBlockingReader keys = terminal.reader();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long leftMillis = millis;
        while (leftMillis > 0 && terminal.getSize().equals(size)) {
            int key = keys.read(Math.min(leftMillis, SLICE_MILLIS));
            if (key == 'q'
                    || key == 'Q'
                    || key == CTRL_C
                    || key == CTRL_D
                    || key == NonBlockingReader.EOF) {
                return true;
            }
            leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        return false;
    }

    @Override
    public void close() {
        terminal.setAttributes(attributes);
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
    }
}
