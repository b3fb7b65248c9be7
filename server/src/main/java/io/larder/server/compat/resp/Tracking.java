package io.larder.server.compat.resp;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
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
import org.jspecify.annotations.Nullable;

/**
 * What a client that keeps copies is told: CLIENT TRACKING, by the server's own invalidations. The
 * queue holds them as Larder's frames, which here become RESP3's pushes. One event loop.
 */
final class Tracking {
    private final Pushes pushes;
    private final Peer peer;
    private final Reply reply;
    private @Nullable PushQueue queue; // while it is on
    private int rightsSeen; // changes of the user's rights
    private Mode mode = Mode.ALL;
    private boolean hasOpted; // for the next command

    /** Which reads are followed. */
    enum Mode {
        ALL,
        /** Those of a command after CLIENT CACHING YES. */
        OPT_IN,
        /** All but those of a command after CLIENT CACHING NO. */
        OPT_OUT
    }

    Tracking(CommandServices services, Peer peer, Reply reply) {
        this.pushes = services.pushes();
        this.peer = peer;
        this.reply = reply;
    }

    boolean isOn() {
        return queue != null;
    }

    Mode mode() {
        return mode;
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
        return mode == Mode.ALL || hasOpted == (mode == Mode.OPT_IN);
    }

    /** A command was carried out that was not about the connection itself. */
    void commandIsOver() {
        hasOpted = false;
    }

    void open(Mode newMode) {
        mode = newMode;
        if (queue == null) {
            PushQueue opened = pushes.open();
            queue = opened;
            rightsSeen = peer.caller().changes();
            opened.onOffered(() -> peer.execute(this::send));
        }
    }

    void close() {
        PushQueue present = queue;
        if (present != null) {
            pushes.close(present);
            queue = null;
        }
        mode = Mode.ALL;
        hasOpted = false;
    }

    /** A key is about to be read: its next change is to be told. */
    void read(Key key) {
        PushQueue present = queue;
        if (present != null) {
            pushes.track(present, RegionTable.DEFAULT_ID, key);
        }
    }

    private void send() {
        peer.caller().refresh();
        if (!peer.caller().isKnown()) {
            close();
        }
        if (queue != null) {
            ByteBuf out = peer.out();
            writeTo(out);
            peer.flush();
        }
    }

    /** Appends what is to be told, while the client takes it. */
    void writeTo(ByteBuf out) {
        PushQueue present = queue;
        if (present != null && rightsSeen != peer.caller().changes()) {
            rightsSeen = peer.caller().changes();
            present.dropCopies();
        }
        if (present == null || present.isEmpty() || !peer.isWritable()) {
            return;
        }
        ByteBuf frames = Unpooled.buffer();
        present.writeTo(frames, this::mayKnow);
        reply.into(out);
        int at = frames.readerIndex();
        while (at < frames.writerIndex()) {
            int keyBytes = FrameHeader.keyBytes(frames, at);
            int opcode = FrameHeader.opcode(frames, at);
            if (opcode == Opcode.INVALIDATE.code()) {
                begin();
                reply.array(1);
                reply.bulk(frames, FrameHeader.keyOffset(frames, at), keyBytes);
            } else if (opcode == Opcode.INVALIDATE_ALL.code()) {
                begin();
                reply.none();
            }
            at += (int) FrameHeader.frameBytes(frames, at);
        }
    }

    private boolean mayKnow(int regionId, byte @Nullable [] key) {
        Caller caller = peer.caller();
        return key == null ? caller.isKnown() : caller.may(Need.READ, Slice.of(key));
    }

    private void begin() {
        reply.push(2);
        reply.bulk("invalidate");
    }
}
