package io.larder.server.compat.resp;

import io.larder.server.compat.ClientLimits;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.DiskWait;
import io.larder.server.compat.Peer;
import io.larder.server.compat.resp.RequestParser.Result;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.limit.CommandGroup;
import io.larder.server.store.Key;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Talk in RESP: takes requests apart, checks what all of them need, runs them. One event loop. */
final class RespConversation implements Conversation {
    private static final int WORD_SHOWN_MAX = 128;

    private final Resp resp;
    private final Bench bench;
    private final RequestParser request;
    private final Peer peer;
    private final RespTalk talk;
    private final DiskWait disk;
    private final ClientLimits limits;
    private @Nullable Future<?> pauseTimer; // set while it runs
    private boolean isAdmitted; // the request has passed the limits

    RespConversation(Resp resp, Bench bench, Peer peer) {
        this.resp = resp;
        this.bench = bench;
        this.peer = peer;
        this.request = new RequestParser(bench.items.valueBytesMax());
        this.talk = new RespTalk(resp, bench, peer, request);
        this.disk = new DiskWait(resp.services, bench.items, peer);
        this.limits = new ClientLimits(resp.services.shared(), peer);
    }

    @Override
    public Stop carryOut(ByteBuf in, ByteBuf out) {
        if (disk.isWaiting()) {
            return Stop.AWAITS;
        }
        bench.items.startBatch();
        talk.reply.into(out);
        Stop stop = null;
        while (stop == null) {
            stop = out.readableBytes() >= REPLY_BYTES ? Stop.HAS_REPLIES : next(in);
        }
        bench.row.clear();
        talk.tracking.writeTo(out);
        talk.reply.into(Unpooled.EMPTY_BUFFER);
        return stop;
    }

    /** Carries out one request; null if there may be another one. */
    private @Nullable Stop next(ByteBuf in) {
        Result result = request.parse(in);
        int replyAt = talk.reply.out().writerIndex();
        if (result == Result.BROKEN) {
            talk.reply.error("ERR " + request.error());
            silence(replyAt);
            return Stop.ENDS;
        }
        if (result == Result.NEEDS_INPUT) {
            return Stop.NEEDS_INPUT;
        }
        if (request.count() > 0) {
            if (!request.isInInput()) {
                bench.row.clear();
            } else if (bench.row.isUsedUp() && in.readableBytes() > request.requestBytes()) {
                bench.ahead.fill(in, in.readerIndex());
            }
            Stop stop = run();
            if (stop == Stop.AWAITS) {
                request.again();
                return stop;
            }
            silence(replyAt);
            if (stop != null) {
                return stop;
            }
        }
        isAdmitted = false;
        request.next(in);
        return talk.isEnding() ? Stop.ENDS : null;
    }

    /** Takes the reply back that a client does not want. */
    private void silence(int replyAt) {
        if (talk.isSilent()) {
            talk.reply.out().writerIndex(replyAt);
        }
    }

    private @Nullable Stop run() {
        RespCommand command =
                resp.commands.find(request.bytes(), request.offset(0), request.length(0));
        if (command == null) {
            return unknown();
        }
        if (!peer.caller().isKnown() && !RespAccess.isFree(command)) {
            talk.reply.error(RespAccess.UNKNOWN_USER);
            return null;
        }
        if (!command.isArity(request.count())) {
            talk.reply.error("ERR wrong number of arguments for '" + command.name() + "' command");
            return null;
        }
        if (!isAdmitted) {
            peer.caller().countRequest();
        }
        if (!RespAccess.admits(talk, command)) {
            return null;
        }
        if (!isAdmitted) {
            if (limits.areAny() && !isWithinLimits(command)) {
                return null;
            }
            isAdmitted = true;
            limits.delayCommand();
        }
        if (talk.isSubscribed() && !talk.reply.isThree() && !isForListeners(command)) {
            talk.reply.error(
                    "ERR Can't execute '"
                            + command.name()
                            + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are"
                            + " allowed in this context");
            return null;
        }
        if (mustPause(command)) {
            return Stop.AWAITS;
        }
        if (command.firstKey() > 0) {
            if (!areKeys(command)) {
                return null;
            }
            if (disk.isPossible() && mustWait(command)) {
                return Stop.AWAITS;
            }
            if (talk.tracking.isOn()) {
                track(command);
            }
        }
        talk.client.noteCommand(command.name());
        boolean isOwnChange = command.firstKey() > 0 && talk.tracking.isOn();
        if (isOwnChange) {
            talk.tracking.mute(true);
        }
        command.action().run(talk);
        if (isOwnChange) {
            talk.tracking.mute(false);
        }
        disk.done();
        if (talk.tracking.hasOpted() && !command.name().equals("client")) {
            talk.tracking.commandIsOver();
        }
        return null;
    }

    private static boolean isForListeners(RespCommand command) {
        return switch (command.name()) {
            case "subscribe", "unsubscribe", "ping", "quit", "reset" -> true;
            default -> false;
        };
    }

    /** Whether the command waits for the end of a pause; then the input is looked at again. */
    private boolean mustPause(RespCommand command) {
        long millis = resp.pause.millisLeft(command);
        endPause();
        if (millis > 0) {
            pauseTimer = talk.peer.schedule(talk.peer::wake, millis);
            resp.pause.waits(true);
        }
        return millis > 0;
    }

    private void endPause() {
        if (pauseTimer != null) {
            pauseTimer.cancel(false);
            resp.pause.waits(false);
            pauseTimer = null;
        }
    }

    private boolean isWithinLimits(RespCommand command) {
        CommandGroup group = Groups.of(command, request.count() > 1 ? talk.lowerText(1) : null);
        if (limits.isDisabled(group)) {
            talk.reply.error("ERR command '" + command.name() + "' is turned off");
            return false;
        }
        limits.rename(talk.client.name);
        String busy = limits.busy(group);
        if (busy != null) {
            talk.reply.error("BUSY " + busy);
        }
        return busy == null;
    }

    /** Browsers can be made to send what could be commands: what comes from one ends it. */
    private @Nullable Stop unknown() {
        String name = talk.text(0);
        if (name.equalsIgnoreCase("post") || name.equalsIgnoreCase("host:")) {
            return Stop.ENDS;
        }
        if (!peer.caller().isKnown()) {
            talk.reply.error(RespAccess.UNKNOWN_USER);
            return null;
        }
        String shown = name.substring(0, Math.min(name.length(), WORD_SHOWN_MAX));
        talk.reply.error(
                "ERR unknown command '"
                        + shown
                        + "': this is a cache of plain values, it has neither that command nor its"
                        + " type");
        return null;
    }

    private boolean areKeys(RespCommand command) {
        int last = command.lastKey(request.count());
        for (int i = command.firstKey(); i <= last; i += command.keyStep()) {
            int length = request.length(i);
            if (length < 1 || length > Key.BYTES_MAX) {
                talk.reply.error(
                        "ERR keyLength: " + length + " (expected: 1.." + Key.BYTES_MAX + ")");
                return false;
            }
        }
        return true;
    }

    /** What is read from now on is told of once it changes. */
    private void track(RespCommand command) {
        if (command.access() == Access.READS && talk.tracking.isWanted()) {
            int last = command.lastKey(request.count());
            for (int i = command.firstKey(); i <= last; i += command.keyStep()) {
                talk.tracking.read(talk.key(i).key);
            }
        }
        bench.row.clear(); // the command asks for its keys from the first one on
    }

    private boolean mustWait(RespCommand command) {
        if (command.access() == Access.REPLACES && request.count() <= 3) {
            return false;
        }
        boolean takeBack = command.access() != Access.READS;
        int last = command.lastKey(request.count());
        for (int i = command.firstKey(); i <= last; i += command.keyStep()) {
            disk.want(talk.key(i).key, takeBack);
        }
        return disk.await();
    }

    @Override
    public void release() {
        disk.done();
        limits.release();
        endPause();
        talk.tracking.close();
        resp.clients.close(talk.client);
    }
}
