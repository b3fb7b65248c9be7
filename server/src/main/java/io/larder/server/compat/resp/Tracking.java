package io.larder.server.compat.resp;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.command.CommandServices;
import io.larder.server.compat.Peer;
import io.larder.server.memory.Slice;
import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client that keeps copies is told: CLIENT TRACKING, by the server's own invalidations. The
 * queue holds them as Larder's frames, which here become RESP's messages, of this connection or, in
 * RESP2, of another one that it names. One event loop.
 */
/*
 * To another connection goes one lot of frames at a time, at most what a queue holds, and the next
 * one when its event loop has written that; while that client takes nothing the queue keeps the
 * rest, which in the end is one message that all is to be dropped.
 */
final class Tracking {
    /** How soon it is tried again to write to a client that takes nothing now. */
    private static final long RETRY_MILLIS = 20;

    private final CommandServices services;
    private final Pushes pushes;
    private final Clients clients;
    private final Peer peer;
    private final Reply reply;
    private @Nullable PushQueue queue; // while it is on
    private int rightsSeen; // changes of the user's rights
    private TrackingOptions options = TrackingOptions.NONE;
    private boolean hasOpted; // for the next command
    private boolean isBroken; // the connection that is to be told instead is gone
    private boolean isUnderWay; // a lot goes to another connection, or a timer runs

    Tracking(CommandServices services, Clients clients, Peer peer, Reply reply) {
        this.services = services;
        this.pushes = services.pushes();
        this.clients = clients;
        this.peer = peer;
        this.reply = reply;
    }

    boolean isOn() {
        return queue != null;
    }

    TrackingOptions options() {
        return options;
    }

    /** Whether what was to be told could not be, for want of the connection it was to go to. */
    boolean isBroken() {
        return isBroken;
    }

    /** The next command's reads are followed, or not, other than the mode has them. */
    void opt() {
        hasOpted = true;
    }

    boolean hasOpted() {
        return hasOpted;
    }

    /** Whether what the present command reads is to be followed. */
    boolean isWanted() {
        return switch (options.mode()) {
            case ALL -> true;
            case OPT_IN -> hasOpted;
            case OPT_OUT -> !hasOpted;
            case BROADCAST -> false;
        };
    }

    /** A command was carried out that was not about the connection itself. */
    void commandIsOver() {
        hasOpted = false;
    }

    /**
     * @param newOptions which may add to the prefixes there are
     */
    void open(TrackingOptions newOptions) {
        PushQueue opened = queue;
        if (opened == null) {
            opened = pushes.openWatching(RegionTable.DEFAULT_ID);
            queue = opened;
            rightsSeen = peer.caller().changes();
            opened.onOffered(() -> peer.execute(this::send));
        }
        List<byte[]> followed = options.prefixes();
        for (byte[] prefix : newOptions.prefixes()) {
            if (!followed.contains(prefix)) {
                pushes.follow(opened, RegionTable.DEFAULT_ID, this::space, prefix);
            }
        }
        options = newOptions;
        isBroken = false;
    }

    private int space() {
        return services.regions().space(RegionTable.DEFAULT_ID);
    }

    void close() {
        PushQueue present = queue;
        if (present != null) {
            pushes.close(present);
            queue = null;
        }
        options = TrackingOptions.NONE;
        hasOpted = false;
        isBroken = false;
    }

    /** A key is about to be read: its next change is to be told. */
    void read(Key key) {
        PushQueue present = queue;
        if (present != null) {
            pushes.track(present, RegionTable.DEFAULT_ID, key);
        }
    }

    /** Whether the client does not want to be told of what it changes itself. */
    void mute(boolean isOn) {
        PushQueue present = queue;
        if (present != null && options.isWithoutOwn()) {
            present.mute(isOn);
        }
    }

    private void send() {
        peer.caller().refresh();
        if (!peer.caller().isKnown()) {
            close();
        }
        PushQueue present = queue;
        noteRights();
        if (present == null || present.isEmpty()) {
            return;
        }
        if (options.redirect() != 0) {
            redirect(present);
        } else if (peer.isWritable()) {
            writeTo(peer.out());
            peer.flush();
        } else {
            retry();
        }
    }

    private void retry() {
        if (!isUnderWay) {
            isUnderWay = true;
            var unused = peer.schedule(this::delivered, RETRY_MILLIS);
        }
    }

    private void delivered() {
        isUnderWay = false;
        send();
    }

    private void redirect(PushQueue present) {
        Client other = clients.find(options.redirect());
        if (other == null) {
            present.writeTo(Unpooled.buffer(), this::mayKnow);
            isBroken = true;
            if (reply.isThree()) {
                reply.into(peer.out());
                reply.push(2);
                reply.bulk("tracking-redir-broken");
                reply.number(options.redirect());
                peer.flush();
            }
        } else if (!other.peer.isWritable()) {
            retry();
        } else if (!isUnderWay) {
            isUnderWay = true;
            ByteBuf frames = Unpooled.buffer();
            present.writeTo(frames, this::mayKnow);
            other.peer.execute(
                    () -> {
                        other.told(frames);
                        peer.execute(this::delivered);
                    });
        }
    }

    /** Has the client drop all it keeps if its user may read something else than before. */
    private void noteRights() {
        PushQueue present = queue;
        if (present != null && rightsSeen != peer.caller().changes()) {
            rightsSeen = peer.caller().changes();
            present.dropCopies();
        }
    }

    private boolean mayKnow(int regionId, byte @Nullable [] key) {
        Caller caller = peer.caller();
        return key == null ? caller.isKnown() : caller.may(Need.READ, Slice.of(key));
    }

    /** Appends what is to be told; nothing while the client takes nothing, or another is told. */
    void writeTo(ByteBuf out) {
        PushQueue present = queue;
        noteRights();
        boolean isOwn = options.redirect() == 0;
        if (present == null || present.isEmpty() || !isOwn || !peer.isWritable()) {
            return;
        }
        ByteBuf frames = Unpooled.buffer();
        present.writeTo(frames, this::mayKnow);
        reply.into(out);
        Invalidations.write(frames, reply, false);
    }
}
