package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.auth.Identity;
import io.larder.server.auth.Origin;
import io.larder.server.lease.LeaseHolder;
import io.larder.server.lease.Leases;
import io.larder.server.limit.RateLimits;
import io.larder.server.metrics.UserFigures;
import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import io.larder.server.store.Mutation;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The conversation on one connection: what has to be remembered from one request to the next.
 * Belongs to the event loop it was made on, as all its requests come there.
 */
public final class Session {
    private static final long NONE = -1;

    final Workbench bench;
    final IncomingValues incoming = new IncomingValues();
    final LeaseHolder leaseHolder = new LeaseHolder();
    final SessionAccess access;
    final @Nullable ParkedRequests parked; // null: replies cannot come late
    private final OutgoingValues outgoing = new OutgoingValues();
    private boolean takesPieces;
    private boolean sumsValues;
    private RateLimits.@Nullable Client rateClient;
    private @Nullable Pushes pushSource;
    private @Nullable PushQueue pushes;

    private boolean open;
    private boolean closing;
    private String clientName = "";
    private String clientAddress = "";
    private long author = Mutation.NOBODY;
    private boolean inBatch;
    private long nowMillis;
    private long arrivalMillis = NONE;

    private final Leases leases;

    Session(
            Workbench bench,
            Leases leases,
            SessionAccess access,
            @Nullable LateReplies late,
            Consumer<Session> onWoken) {
        this.bench = bench;
        this.leases = leases;
        this.access = access;
        this.parked =
                late == null
                        ? null
                        : new ParkedRequests(leases, outgoing, late, () -> onWoken.accept(this));
    }

    /** Whether the HELLO has been answered. */
    public boolean isOpen() {
        return open;
    }

    /** Whether its user is known, or none is asked for. */
    public boolean isAdmitted() {
        return access.identity() != null;
    }

    /** The user's name; empty if he is not known, or there are no users. */
    public String user() {
        Identity identity = access.identity();
        return identity == null ? "" : identity.user();
    }

    /** Says whose certificate TLS has verified, by its common name; before HELLO. */
    public void certificate(String commonName) {
        access.certificate(commonName);
    }

    /** The user has shown who he is. */
    void become(Identity identity) {
        if (rateClient != null && !identity.user().isEmpty()) {
            rateClient = rateClient.rename(identity.user());
        }
        if (access.become(identity)) {
            dropCopies();
        }
    }

    /** Takes notice of another reading of the users file. */
    void refresh() {
        if (access.refresh()) {
            dropCopies();
        }
    }

    /** What the client keeps, it might not be given any more. */
    private void dropCopies() {
        if (pushes != null) {
            pushes.dropCopies();
        }
    }

    /** The name the client gave itself; empty before HELLO. */
    public String clientName() {
        return clientName;
    }

    /** Where the client is, as {@code 127.0.0.1:50432}; not known unless this is called. */
    public void clientAddress(String address) {
        clientAddress = address;
    }

    /** Who is at the other end. */
    SlowRequest.Client client() {
        return new SlowRequest.Client(clientName, clientAddress);
    }

    /** Where the client is and what it calls itself. */
    Origin origin() {
        return new Origin(clientAddress, clientName);
    }

    /** What its user's figures are; null if he is not known, or there are no users. */
    public @Nullable UserFigures userFigures() {
        Identity identity = access.identity();
        return identity == null ? null : identity.figures();
    }

    /** Sets whose writes the session's are: the connection's number. */
    public void author(long connection) {
        author = connection;
    }

    long author() {
        return author;
    }

    /** Values that are being sent in pieces. */
    public OutgoingValues outgoing() {
        return outgoing;
    }

    /** The client takes replies in pieces. */
    void takePieces() {
        takesPieces = true;
    }

    boolean takesPieces() {
        return takesPieces;
    }

    /** The client sends checksums, and the values it gets are to have them. */
    void sumValues() {
        sumsValues = true;
        outgoing.sumPieces();
    }

    boolean sumsValues() {
        return sumsValues;
    }

    /** The client takes pushes. */
    void takePushes(Pushes source) {
        pushSource = source;
        pushes = source.open();
    }

    /** What is to be pushed; null if the client takes no pushes. */
    public @Nullable PushQueue pushes() {
        return pushes;
    }

    /** Appends what is to be pushed, as far as the user may know it by now. */
    public void writePushes(ByteBuf out) {
        if (pushes != null) {
            refresh();
            pushes.writeTo(out, access::mayKnow);
        }
    }

    /** On whose account its requests are counted; null before HELLO. */
    RateLimits.@Nullable Client rateClient() {
        return rateClient;
    }

    void rateClient(RateLimits.Client client) {
        rateClient = client;
    }

    /** Frees what the connection held of the store: it is gone. */
    public void release() {
        incoming.release();
        outgoing.release();
        if (pushSource != null && pushes != null) {
            pushSource.close(pushes);
        }
        endLeases();
        if (rateClient != null) {
            rateClient.leave();
            rateClient = null;
        }
        if (parked != null) {
            parked.clear();
        }
    }

    /** Has others load what the connection was to load: it is about to go. */
    public void endLeases() {
        leases.endAll(leaseHolder);
    }

    /** Whether requests wait that are to be answered late. */
    public boolean hasParked() {
        return parked != null && !parked.isEmpty();
    }

    /** Bytes of the requests that wait to be answered late. */
    public long parkedBytes() {
        return parked == null ? 0 : parked.bytes();
    }

    /** How many requests wait to be answered late. */
    public int parkedRequests() {
        return parked == null ? 0 : parked.requests();
    }

    /** Answers a NOOP once everything before it is answered: what waits, or what is being sent. */
    void addBarrier(int requestId) {
        if (parked != null && !parked.isEmpty()) {
            parked.addBarrier(requestId);
        } else {
            outgoing.addBarrier(requestId);
        }
    }

    /** Takes back a request, and answers it, if it waits, is being sent or is being answered. */
    void cancel(int requestId, ReplyWriter reply) {
        int opcode = outgoing.cancel(requestId);
        if (opcode < 0 && incoming.cancel(requestId)) {
            opcode = Opcode.SET.code();
        }
        if (opcode < 0 && parked != null) {
            opcode = parked.cancel(requestId);
        }
        if (opcode >= 0) {
            reply.begin(reply.out(), opcode, requestId, reply.frameBytesMax());
            reply.empty(Status.CANCELLED);
        }
        if (parked != null) {
            parked.answerBarriers(reply.out());
        }
    }

    /** Answers the requests that wait, with an error. */
    public void refuseParked(Status status, ErrorBody body, ByteBuf out) {
        if (parked != null) {
            parked.refuseAll(status, body, out);
        }
    }

    /** The HELLO has been answered. */
    void open(String name) {
        open = true;
        clientName = name;
    }

    /** Whether the reply just written is the connection's last. */
    boolean isClosing() {
        return closing;
    }

    void close() {
        closing = true;
    }

    /** Begins a batch of requests unless one has begun: the only time its clock is read. */
    void startBatch(long now) {
        inBatch = true;
        nowMillis = now;
        if (arrivalMillis == NONE) {
            arrivalMillis = now;
        }
    }

    boolean isInBatch() {
        return inBatch;
    }

    /** Has the request that is carried out next, between batches, be judged by these times. */
    void resume(long now, long newArrivalMillis) {
        nowMillis = now;
        arrivalMillis = newArrivalMillis;
    }

    /**
     * Ends a batch.
     *
     * @param isHeld whether bytes of it are held back for a later one, so that what they say has
     *     arrived already
     */
    void endBatch(boolean isHeld) {
        inBatch = false;
        if (!isHeld) {
            arrivalMillis = NONE;
        }
    }

    /** The store's time, by which all requests of this batch are judged. */
    long nowMillis() {
        return nowMillis;
    }

    /** When the bytes of this batch were read, in the store's time. */
    long arrivalMillis() {
        return arrivalMillis;
    }
}
