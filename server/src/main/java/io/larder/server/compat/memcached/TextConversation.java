package io.larder.server.compat.memcached;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.ClientLimits;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.DiskWait;
import io.larder.server.compat.Peer;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Talk in memcached's text protocol. One event loop. */
final class TextConversation implements Conversation {
    static final byte[] CRLF = Ascii.bytes("\r\n");
    static final byte[] ERROR = Ascii.bytes("ERROR\r\n");
    static final byte[] BAD_FORMAT = Ascii.bytes("CLIENT_ERROR bad command line format\r\n");
    static final byte[] NO_MEMORY = Ascii.bytes("SERVER_ERROR out of memory storing object\r\n");
    static final byte[] TOO_LARGE = Ascii.bytes("SERVER_ERROR object too large for cache\r\n");
    private static final byte[] LINE_TOO_LONG = Ascii.bytes("CLIENT_ERROR line too long\r\n");
    private static final byte[] NOREPLY = Ascii.bytes("noreply");
    private static final byte[] GET = Ascii.bytes("get ");
    private static final byte[] GETS = Ascii.bytes("gets ");

    /** A line may be longer than this only if it gets many keys. */
    private static final int LINE_BYTES_MAX = 2048;

    private static final int KEYS_LINE_BYTES_MAX = 1 << 20;

    private final Memcached memcached;
    private final Peer peer;
    private final Bench bench;
    private final DiskWait disk;
    private final ClientLimits limits;
    private final TextLine line = new TextLine();
    private @Nullable MetaLeases leases; // once one was asked for
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean noReply;
    private int bytesNeeded; // before the request is looked at again
    private int bytesScanned; // of it that hold no end of line
    private long bytesSwallowed; // still to be, of a value that was refused
    private int behind; // where the next request begins, once this one is done
    private boolean isAdmitted; // the request has passed the limits
    private int resumeAt; // in the request's line, where it goes on

    TextConversation(Memcached memcached, Peer peer) {
        this.memcached = memcached;
        this.peer = peer;
        this.bench = memcached.bench();
        this.disk = new DiskWait(memcached.services, bench.items, peer);
        this.limits = new ClientLimits(memcached.services.shared(), peer);
    }

    @Override
    public Stop carryOut(ByteBuf newIn, ByteBuf newOut) {
        if (disk.isWaiting()) {
            return Stop.AWAITS;
        }
        in = newIn;
        out = newOut;
        bench.items.startBatch();
        Stop stop = null;
        while (stop == null) {
            if (bytesSwallowed > 0) {
                int skipped = (int) Math.min(bytesSwallowed, in.readableBytes());
                in.skipBytes(skipped);
                bytesSwallowed -= skipped;
            }
            stop =
                    !in.isReadable() || in.readableBytes() < bytesNeeded
                            ? Stop.NEEDS_INPUT
                            : out.readableBytes() >= REPLY_BYTES ? Stop.HAS_REPLIES : next();
        }
        bench.row.clear();
        in = Unpooled.EMPTY_BUFFER;
        out = Unpooled.EMPTY_BUFFER;
        return stop;
    }

    /** Carries out one line; null if there may be another one. */
    private @Nullable Stop next() {
        int start = in.readerIndex();
        int newline = in.indexOf(start + bytesScanned, in.writerIndex(), (byte) '\n');
        if (newline < 0) {
            bytesScanned = in.readableBytes();
            return mayBeContinued() ? Stop.NEEDS_INPUT : Stop.ENDS;
        }
        int end = newline > start && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
        line.wrap(in, start, end, newline + 1);
        bytesNeeded = 0;
        noReply = false;
        behind = newline + 1;
        if (bench.row.isUsedUp() && behind < in.writerIndex()) {
            bench.ahead.fill(in, start);
        }
        if (isHttp()) {
            return Stop.ENDS;
        }
        Step step = peer.caller().isKnown() ? run() : TextAuth.run(this);
        if (step == Step.DONE) {
            disk.done();
            in.readerIndex(Math.min(behind, in.writerIndex()));
            bytesScanned = 0;
            isAdmitted = false;
            resumeAt = 0;
        }
        return switch (step) {
            case DONE -> null;
            case NEEDS_INPUT -> Stop.NEEDS_INPUT;
            case AWAITS_DISK -> Stop.AWAITS;
            case HAS_REPLIES -> Stop.HAS_REPLIES;
            case ENDS -> Stop.ENDS;
        };
    }

    private Step run() {
        TextCommandTable.Named command = memcached.commands.find(line);
        if (command == null) {
            return reply(ERROR);
        }
        if (!isAdmitted) {
            peer.caller().countRequest();
        }
        if (!TextAccess.admits(this, command)) {
            return TextAccess.refuse(this, command);
        }
        if (!isAdmitted) {
            isAdmitted = true;
            Step refused = limits.areAny() ? TextLimits.refuse(this, limits) : null;
            if (refused != null) {
                return refused;
            }
            limits.delayCommand();
        }
        return command.command().run(this);
    }

    /** Browsers are made to send lines that could be commands: they are cut off at once. */
    private boolean isHttp() {
        int last = line.count() - 1;
        return last > 0
                && line.length(last) >= HTTP.length
                && Ascii.equal(in, line.offset(last), HTTP.length, HTTP);
    }

    private static final byte[] HTTP = Ascii.bytes("HTTP/");

    private boolean mayBeContinued() {
        if (bytesScanned <= LINE_BYTES_MAX) {
            return true;
        }
        int at = in.readerIndex();
        boolean isGet =
                Ascii.equal(in, at, GET.length, GET) || Ascii.equal(in, at, GETS.length, GETS);
        if (isGet && bytesScanned > KEYS_LINE_BYTES_MAX) {
            out.writeBytes(LINE_TOO_LONG);
        }
        return isGet && bytesScanned <= KEYS_LINE_BYTES_MAX;
    }

    // ---- what commands use

    Memcached memcached() {
        return memcached;
    }

    Peer peer() {
        return peer;
    }

    Bench bench() {
        return bench;
    }

    DiskWait disk() {
        return disk;
    }

    MetaLeases leases() {
        MetaLeases present = leases;
        if (present == null) {
            present = new MetaLeases(memcached.services, peer);
            leases = present;
        }
        return present;
    }

    TextLine line() {
        return line;
    }

    ByteBuf in() {
        return in;
    }

    ByteBuf out() {
        return out;
    }

    /** Where in the line a command that has said HAS_REPLIES goes on; 0 for one that begins. */
    int resumeAt() {
        return resumeAt == 0 ? 0 : in.readerIndex() + resumeAt;
    }

    void resumeAt(int offset) {
        resumeAt = offset - in.readerIndex();
    }

    /** The request is not answered if the line's last word says so, wrong as it may be. */
    void takeNoReply() {
        noReply = line.is(line.count() - 1, NOREPLY);
    }

    boolean isNoReply() {
        return noReply;
    }

    Step reply(byte[] text) {
        if (!noReply) {
            out.writeBytes(text);
        }
        return Step.DONE;
    }

    /** Whether a word can be a key. */
    boolean isKey(int word) {
        return line.length(word) <= Memcached.KEY_BYTES_MAX;
    }

    /** Whether the user may write a key, and so be the one who loads it. */
    boolean mayWrite(Key key) {
        Caller caller = peer.caller();
        return caller.may(Need.WRITE) || caller.may(Need.WRITE, key.bytes());
    }

    /** A mutation with the key that a word is. */
    Mutation take(int word) {
        return bench.row.take(in, line.offset(word), line.length(word));
    }

    /** Whether the request has to wait for this key's value. */
    boolean mustWait(Key key, boolean takeBack) {
        if (!disk.isPossible()) {
            return false;
        }
        disk.want(key, takeBack);
        return disk.await();
    }

    /** Whether a word is a signed number, which {@code bench().digits} then has. */
    boolean readNumber(int word) {
        return bench.digits.readSignedLoosely(in, line.offset(word), line.length(word));
    }

    /** Whether bytes of data and a line's end have come behind the line; the request goes there. */
    boolean hasData(int bytes) {
        int needed = line.next() - in.readerIndex() + bytes + 2;
        behind = in.readerIndex() + needed;
        bytesNeeded = in.readableBytes() >= needed ? 0 : needed;
        return bytesNeeded == 0;
    }

    /** Whether the data that is there ends as it should. */
    boolean isDataEnded() {
        return in.getByte(behind - 2) == '\r' && in.getByte(behind - 1) == '\n';
    }

    /** The data of a line is thrown away as it comes. */
    void swallow(long bytes) {
        bytesSwallowed = bytes;
    }

    /** Keys taken ahead are in a space that is gone. */
    void spaceChanged() {
        bench.items.startBatch();
        bench.row.clear();
    }

    @Override
    public void release() {
        disk.done();
        limits.release();
        if (leases != null) {
            leases.release();
        }
    }
}
