package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.TextStores.Verb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands of the text protocol by their names. Immutable; any thread. */
final class TextCommandTable {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Named(byte[] name, TextCommand command) {}

    /** By length of the name. */
    private final List<List<Named>> commands = new ArrayList<>();

    TextCommandTable() {
        add("get", talk -> TextReads.get(talk, false));
        add("gets", talk -> TextReads.get(talk, true));
        add("gat", talk -> TextReads.getAndTouch(talk, false));
        add("gats", talk -> TextReads.getAndTouch(talk, true));
        for (Verb verb : Verb.values()) {
            add(verb.word, talk -> TextStores.store(talk, verb));
        }
        add("incr", talk -> TextChanges.count(talk, true));
        add("decr", talk -> TextChanges.count(talk, false));
        add("delete", TextChanges::delete);
        add("touch", TextChanges::touch);
        add("mg", MetaReads::get);
        add("ms", MetaWrites::set);
        add("md", MetaWrites::delete);
        add("ma", MetaArithmetic::run);
        add("me", MetaDebug::tell);
        add("mn", MetaDebug::noop);
        add("flush_all", TextAdmin::flushAll);
        add("verbosity", TextAdmin::verbosity);
        add("version", TextAdmin::version);
        add("stats", TextAdmin::stats);
        add("shutdown", TextAdmin::shutdown);
        add("quit", talk -> TextCommand.Step.ENDS);
    }

    private void add(String name, TextCommand command) {
        while (commands.size() <= name.length()) {
            commands.add(new ArrayList<>());
        }
        commands.get(name.length()).add(new Named(Ascii.bytes(name), command));
    }

    /** The command that a line's first word names; null if there is none. */
    @Nullable TextCommand find(TextLine line) {
        if (line.count() == 0 || line.length(0) >= commands.size()) {
            return null;
        }
        List<Named> candidates = commands.get(line.length(0));
        for (int i = 0; i < candidates.size(); i++) {
            Named candidate = candidates.get(i);
            if (line.is(0, candidate.name)) {
                return candidate.command;
            }
        }
        return null;
    }
}
