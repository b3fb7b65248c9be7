package io.larder.server.compat.resp;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.Items;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.Peer;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import io.netty.buffer.ByteBuf;
import java.util.Locale;

/** One connection as its commands see it, with the present request. One event loop. */
final class RespTalk {
    static final String SYNTAX = "ERR syntax error";
    static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
    private static final String NO_ROOM = "OOM no room now: eviction has fallen behind, try again";

    final Resp resp;
    final Bench bench;
    final Peer peer;
    final RequestParser request;
    final Reply reply = new Reply();
    final Tracking tracking;
    final Client client;
    private boolean isEnding;
    private boolean isSubscribed;
    private Replies replies = Replies.ON;

    /** What CLIENT REPLY has asked for. */
    enum Replies {
        ON,
        OFF,
        /** Neither the present command nor the next one. */
        SKIP,
        /** Not the present command, the one that was meant. */
        SKIP_NOW
    }

    RespTalk(Resp resp, Bench bench, Peer peer, RequestParser request) {
        this.resp = resp;
        this.bench = bench;
        this.peer = peer;
        this.request = request;
        this.client = resp.clients.open(peer, frames -> told(frames));
        this.tracking = new Tracking(resp.services, resp.clients, peer, reply);
    }

    CommandServices services() {
        return resp.services;
    }

    Items items() {
        return bench.items;
    }

    int count() {
        return request.count();
    }

    /** A mutation with all its defaults and the key that an argument is. */
    Mutation key(int argument) {
        return bench.row.take(request.bytes(), request.offset(argument), request.length(argument));
    }

    /** Has a mutation store an argument. */
    void value(Mutation mutation, int argument) {
        KeyRow.wrap(
                mutation.value,
                request.bytes(),
                request.offset(argument),
                request.length(argument));
    }

    /** Whether an argument is this word, in whatever case. */
    boolean is(int argument, String word) {
        return argument < count()
                && request.length(argument) == word.length()
                && text(argument).equalsIgnoreCase(word);
    }

    String text(int argument) {
        return Ascii.text(request.bytes(), request.offset(argument), request.length(argument));
    }

    String lowerText(int argument) {
        return text(argument).toLowerCase(Locale.ROOT);
    }

    /** Whether an argument is a number, which {@link #number} then is. */
    boolean isNumber(int argument) {
        return bench.digits.readCanonical(
                request.bytes(), request.offset(argument), request.length(argument));
    }

    /** The same; if it is none, that is answered. */
    boolean readNumber(int argument) {
        if (isNumber(argument)) {
            return true;
        }
        reply.error(NOT_AN_INTEGER);
        return false;
    }

    long number() {
        return bench.digits.value();
    }

    /** Answers a write that was not done for want of room, or because of its length. */
    void refuse(WriteStatus status) {
        switch (status) {
            case TOO_LARGE ->
                    reply.error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
            case OUT_OF_CAPACITY ->
                    reply.error("OOM the region's quota is used up, and it never evicts");
            case NOT_A_NUMBER -> reply.error(NOT_AN_INTEGER);
            case NUMBER_OVERFLOW -> reply.error("ERR increment or decrement would overflow");
            default -> reply.error(NO_ROOM);
        }
    }

    /** Answers OK if a write was done. */
    void answer(WriteStatus status) {
        if (status == WriteStatus.DONE) {
            reply.ok();
        } else {
            refuse(status);
        }
    }

    /** Whether there are so many arguments; if not, it is answered. */
    boolean hasCount(String command, int count) {
        if (count() == count) {
            return true;
        }
        wrongCount(command + '|' + lowerText(1));
        return false;
    }

    void wrongCount(String command) {
        reply.error("ERR wrong number of arguments for '" + command + "' command");
    }

    void unknownSubcommand(String command) {
        reply.error("ERR unknown subcommand '" + text(1) + "'. Try " + command + " HELP.");
    }

    /** Tells the client, who is still there, of changes that another connection follows. */
    private void told(ByteBuf frames) {
        if (resp.clients.find(client.id) == client) {
            reply.into(peer.out());
            Invalidations.write(frames, reply, isSubscribed);
            peer.flush();
        }
    }

    void subscribe(boolean isOn) {
        isSubscribed = isOn;
    }

    boolean isSubscribed() {
        return isSubscribed;
    }

    void replies(Replies newReplies) {
        replies = newReplies;
    }

    /** Neither the present command nor the next one is answered. */
    void skipReplies() {
        if (replies != Replies.OFF) {
            replies = Replies.SKIP;
        }
    }

    /** Whether the command that was just carried out is not answered. */
    boolean isSilent() {
        boolean isSilent = replies != Replies.ON;
        if (replies != Replies.OFF) {
            replies = replies == Replies.SKIP ? Replies.SKIP_NOW : Replies.ON;
        }
        return isSilent;
    }

    /** The replies are the connection's last. */
    void end() {
        isEnding = true;
    }

    boolean isEnding() {
        return isEnding;
    }
}
