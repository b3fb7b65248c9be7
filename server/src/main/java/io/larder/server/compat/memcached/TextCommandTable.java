package io.larder.server.compat.memcached;

import io.larder.server.auth.Need;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.TextAccess.Keys;
import io.larder.server.compat.memcached.TextStores.Verb;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands of the text protocol by their names. Immutable; any thread. */
final class TextCommandTable {
    /**
     * A command.
     *
     * @param need what its user has to be allowed
     * @param keys where in a line its keys are
     * @param sizeWord which word says how many bytes of data follow; 0 if none do
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Named(byte[] name, Need need, Keys keys, int sizeWord, TextCommand command) {}

    private static final int SIZE_WORD = 4;
    private static final int META_SIZE_WORD = 2;

    /** By length of the name. */
    private final List<List<Named>> commands = new ArrayList<>();

    TextCommandTable() {
        add("get", Need.READ, Keys.MANY, talk -> TextReads.get(talk, false));
        add("bget", Need.READ, Keys.MANY, talk -> TextReads.get(talk, false));
        add("gets", Need.READ, Keys.MANY, talk -> TextReads.get(talk, true));
        add(
                "gat",
                Need.READ_AND_WRITE,
                Keys.MANY_BEHIND_TIME,
                talk -> TextReads.getAndTouch(talk, false));
        add(
                "gats",
                Need.READ_AND_WRITE,
                Keys.MANY_BEHIND_TIME,
                talk -> TextReads.getAndTouch(talk, true));
        for (Verb verb : Verb.values()) {
            addWithData(verb.word, Keys.ONE, SIZE_WORD, talk -> TextStores.store(talk, verb));
        }
        add("incr", Need.READ_AND_WRITE, Keys.ONE, talk -> TextChanges.count(talk, true));
        add("decr", Need.READ_AND_WRITE, Keys.ONE, talk -> TextChanges.count(talk, false));
        add("delete", Need.WRITE, Keys.ONE, TextChanges::delete);
        add("touch", Need.WRITE, Keys.ONE, TextChanges::touch);
        add("mg", Need.READ, Keys.META, MetaReads::get);
        addWithData("ms", Keys.META_WITH_SIZE, META_SIZE_WORD, MetaWrites::set);
        add("md", Need.WRITE, Keys.META, MetaWrites::delete);
        add("ma", Need.READ_AND_WRITE, Keys.META, MetaArithmetic::run);
        add("me", Need.READ, Keys.META_DEBUG, MetaDebug::tell);
        add("mn", Need.ANYBODY, Keys.NONE, MetaDebug::noop);
        add("flush_all", Need.CLEAR, Keys.NONE, TextAdmin::flushAll);
        add("verbosity", Need.OPERATE, Keys.NONE, TextAdmin::verbosity);
        add("version", Need.ANYBODY, Keys.NONE, TextAdmin::version);
        add("stats", Need.STATS, Keys.NONE, TextAdmin::stats);
        add("slabs", Need.OPERATE, Keys.NONE, TextAdmin::slabs);
        add("shutdown", Need.OPERATE, Keys.NONE, TextAdmin::shutdown);
        add("quit", Need.NOBODY, Keys.NONE, talk -> TextCommand.Step.ENDS);
    }

    private void add(String name, Need need, Keys keys, TextCommand command) {
        add(new Named(Ascii.bytes(name), need, keys, 0, command));
    }

    private void addWithData(String name, Keys keys, int sizeWord, TextCommand command) {
        add(new Named(Ascii.bytes(name), Need.WRITE, keys, sizeWord, command));
    }

    private void add(Named command) {
        while (commands.size() <= command.name.length) {
            commands.add(new ArrayList<>());
        }
        commands.get(command.name.length).add(command);
    }

    /** The names of all of them. */
    List<String> names() {
        return commands.stream()
                .flatMap(List::stream)
                .map(each -> new String(each.name, StandardCharsets.US_ASCII))
                .toList();
    }

    /** The command that a line's first word names; null if there is none. */
    @Nullable Named find(TextLine line) {
        if (line.count() == 0 || line.length(0) >= commands.size()) {
            return null;
        }
        List<Named> candidates = commands.get(line.length(0));
        for (int i = 0; i < candidates.size(); i++) {
            Named candidate = candidates.get(i);
            if (line.is(0, candidate.name)) {
                return candidate;
            }
        }
        return null;
    }
}
