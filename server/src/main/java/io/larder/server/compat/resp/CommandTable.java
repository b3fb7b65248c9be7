package io.larder.server.compat.resp;

import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.compat.resp.RespCommand.Action;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The commands there are, by name in whatever case. Immutable once made; any thread. */
final class CommandTable {
    private static final int LETTERS_MAX = Long.BYTES;

    private final Map<String, RespCommand> byName = new TreeMap<>();
    private final Long2ObjectHashMap<RespCommand> byLetters = new Long2ObjectHashMap<>();

    CommandTable() {
        ValueCommands.addTo(this);
        NumberCommands.addTo(this);
        KeyCommands.addTo(this);
        ExpiryCommands.addTo(this);
        ConnectionCommands.addTo(this);
        ServerCommands.addTo(this);
    }

    /** Adds a command without keys. */
    void add(String name, int arity, String summary, Action action) {
        add(new RespCommand(name, arity, 0, 0, 1, Access.NONE, summary, action));
    }

    /** Adds a command whose first argument is its key. */
    void addKeyed(String name, int arity, Access access, String summary, Action action) {
        add(new RespCommand(name, arity, 1, 1, 1, access, summary, action));
    }

    void add(RespCommand command) {
        byName.put(command.name(), command);
        if (command.name().length() <= LETTERS_MAX) {
            byte[] name = command.name().getBytes(StandardCharsets.ISO_8859_1);
            long letters = 0;
            for (byte letter : name) {
                letters = letters << 8 | letter;
            }
            byLetters.put(letters, command);
        }
    }

    /** The command of this name; null if there is none. */
    @Nullable RespCommand find(ByteBuf in, int offset, int length) {
        if (length > LETTERS_MAX) {
            return byName.get(
                    in.toString(offset, Math.min(length, 64), StandardCharsets.ISO_8859_1)
                            .toLowerCase(Locale.ROOT));
        }
        long letters = 0;
        for (int i = 0; i < length; i++) {
            int letter = in.getByte(offset + i) & 0xFF;
            letters = letters << 8 | (letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter);
        }
        return byLetters.get(letters);
    }

    @Nullable RespCommand find(String lowerName) {
        return byName.get(lowerName);
    }

    /** All of them, by name. */
    Collection<RespCommand> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
