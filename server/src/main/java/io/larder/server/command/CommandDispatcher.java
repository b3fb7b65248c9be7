package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static java.util.Objects.requireNonNull;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.MalformedMessageException;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Need;
import io.larder.server.lease.Leases;
import io.larder.server.limit.Overload;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes a frame, has it carried out and appends the reply: the one place that branches by opcode.
 * Shared by all connections of a server; any event loop, each with its own {@link Session}s.
 *
 * <p>Locking: none of its own; a write takes its shard's lock. On GET, SET, DELETE, TOUCH and
 * INCREMENT that succeed or miss nothing is allocated.
 */
public final class CommandDispatcher {
    /** In a long batch the load is looked at once in so many requests, less one. */
    private static final int LOOK_MASK = 63;

    private final @Nullable Command[] commands = new @Nullable Command[256];
    private final CommandLimits limits;
    private final ServerLimits shared;
    private final LimitCheck sharedCheck;
    private final Overload overload;
    private final Clock clock;
    private final UncaughtErrors errors;
    private final RequestCheck check;
    private final PieceCommands pieces;
    private final ReadTap reads = new ReadTap();
    private final RequestTimes times;
    private final Leases leases;
    private final RegionTable regions;
    private final AccessControl access;
    private final StripedCounter batches = new StripedCounter();
    private final ThreadLocal<Workbench> benches;

    /** A dispatcher over these services, whose metrics it adds its own to. */
    public CommandDispatcher(CommandServices services) {
        limits = services.limits();
        shared = services.shared();
        overload = shared.overload();
        sharedCheck = new LimitCheck(shared, limits);
        clock = services.clock();
        errors = services.errors();
        times = new RequestTimes(services.regions());
        ChecksumCheck checksums = new ChecksumCheck();
        checksums.registerMetrics(services.metrics());
        check = new RequestCheck(services, checksums, sharedCheck);
        benches =
                ThreadLocal.withInitial(
                        () ->
                                new Workbench(
                                        services.store(),
                                        services.regions(),
                                        limits.keyBytesMax(),
                                        shared.overload().ofLoop()));
        leases = services.leases();
        regions = services.regions();
        access = services.access();
        ControlCommands control = new ControlCommands(services);
        addSession(control);
        LeaseCommands leasing = new LeaseCommands(services);
        OverflowWaits waits = new OverflowWaits(services);
        addItems(new ReadCommands(services, leasing, waits, reads), leasing);
        WriteReplies replies = new WriteReplies(services, leasing, waits);
        pieces = new PieceCommands(services, replies, leasing, waits, checksums);
        addItems(
                new WriteCommands(services, replies, pieces, leasing),
                new CounterCommands(services, replies));
        add(new Command(Opcode.SCAN, false, true, Need.LIST, new ScanCommand(services)::scan));
        add(
                new Command(
                        Opcode.BATCH,
                        false,
                        true,
                        Need.EACH,
                        new BatchCommand(services, this, waits)::batch));
        add(
                new Command(
                        Opcode.EXPORT,
                        false,
                        true,
                        Need.EXPORT,
                        new ExportCommand(services)::export));
        services.metrics()
                .registerCounter("read_batches", "Batches of requests read at once", batches::sum);
    }

    private void addSession(ControlCommands control) {
        add(new Command(Opcode.HELLO, false, true, Need.NOBODY, control::hello));
        add(new Command(Opcode.AUTH, false, true, Need.NOBODY, new AuthCommand()::auth));
        add(new Command(Opcode.PING, false, false, Need.NOBODY, control::acknowledge));
        add(new Command(Opcode.NOOP, false, false, Need.ANYBODY, control::barrier));
        add(new Command(Opcode.CANCEL, false, true, Need.ANYBODY, control::cancel));
        add(new Command(Opcode.SYNC, false, false, Need.ANYBODY, control::sync));
        add(new Command(Opcode.OPEN_REGION, false, false, Need.ANY_IN_NAMED, control::openRegion));
        add(new Command(Opcode.CLEAR, false, false, Need.CLEAR, control::clear));
        add(new Command(Opcode.STATS, false, false, Need.STATS, control::stats));
    }

    private void addItems(ReadCommands reads, LeaseCommands leasing) {
        add(new Command(Opcode.GET, true, false, Need.READ, reads::get));
        add(
                new Command(
                        Opcode.GET_AND_TOUCH,
                        true,
                        false,
                        Need.READ_AND_WRITE,
                        reads::getAndTouch));
        add(new Command(Opcode.RELEASE, true, false, Need.WRITE, leasing::release));
    }

    private void addItems(WriteCommands writes, CounterCommands counters) {
        add(new Command(Opcode.SET, true, true, Need.WRITE, writes::set));
        add(new Command(Opcode.DELETE, true, false, Need.WRITE, writes::delete));
        add(new Command(Opcode.TOUCH, true, false, Need.WRITE, writes::touch));
        add(new Command(Opcode.INCREMENT, true, false, Need.READ_AND_WRITE, counters::increment));
        add(new Command(Opcode.APPEND, true, true, Need.WRITE, writes::append));
        add(new Command(Opcode.PREPEND, true, true, Need.WRITE, writes::prepend));
    }

    private void add(Command command) {
        commands[command.opcode().code()] = command;
        times.add(command.opcode());
    }

    /** Where one can see what is read. */
    public ReadTap reads() {
        return reads;
    }

    /** Where one can see how long requests take. */
    public RequestTimes times() {
        return times;
    }

    /** The bounds that requests are held to. */
    public CommandLimits limits() {
        return limits;
    }

    /** The limits that all connections share. */
    public ServerLimits shared() {
        return shared;
    }

    /** The state of a new connection that is answered at once; to be called on its event loop. */
    public Session newSession() {
        return newSession(null);
    }

    /** The same for one whose requests may also be answered late. */
    public Session newSession(@Nullable LateReplies late) {
        return new Session(
                benches.get(),
                leases,
                new SessionAccess(access, regions),
                late,
                this::carryOutWoken);
    }

    /**
     * Carries out the request in the whole frame at {@code offset} and appends its reply, if it has
     * one, to {@code out}. Bytes of {@code frame} from there to its writer index may be looked at,
     * to be ready for the requests in them.
     *
     * @return whether the connection goes on; if not, it is to be closed when {@code out} is sent
     */
    public boolean dispatch(Session session, ByteBuf frame, int offset, ByteBuf out) {
        session.bench.outerDeadlineMillis = 0;
        if (!session.isInBatch()) {
            session.startBatch(clock.nowMillis());
            session.refresh();
            session.bench.ahead.clear(); // of a batch that was cut off, perhaps another session's
            long nowNanos = System.nanoTime();
            session.bench.times.begin(nowNanos);
            session.bench.load.beginBatch(nowNanos);
            batches.increment();
        }
        session.bench.times.countRequest();
        if ((session.bench.times.requests() & LOOK_MASK) == 0) {
            session.bench.load.look(System.nanoTime());
        }
        carryOut(
                session,
                frame,
                offset,
                frame.writerIndex(),
                out,
                HEADER_BYTES + limits.bodyBytesMax());
        return !session.isClosing();
    }

    /**
     * Ends a batch of requests read at once: the next one has another time.
     *
     * @param isHeld whether bytes read with this batch are held back for the next one
     */
    public void endBatch(Session session, boolean isHeld) {
        if (session.isInBatch()) {
            times.endBatch(session);
        }
        session.endBatch(isHeld);
        session.bench.ahead.clear();
    }

    /**
     * Carries out again what has waited for a lease and is not to wait any longer, while the
     * connection takes replies; again when it does. On the session's event loop, between batches.
     */
    public void carryOutWoken(Session session) {
        ParkedRequests parked = session.parked;
        if (parked == null || session.isInBatch()) {
            return;
        }
        long heldArrivalMillis = session.arrivalMillis();
        parked.beginWoken();
        ParkedRequest request = parked.late().isWritable() ? parked.nextWoken() : null;
        if (request == null) {
            return;
        }
        while (request != null) {
            carryOutAgain(session, parked, request);
            request = parked.late().isWritable() ? parked.nextWoken() : null;
        }
        session.resume(session.nowMillis(), heldArrivalMillis);
        parked.late().flush();
    }

    private void carryOutAgain(Session session, ParkedRequests parked, ParkedRequest request) {
        Workbench bench = session.bench;
        ByteBuf out = parked.late().out();
        session.resume(clock.nowMillis(), request.arrivalMillis);
        session.refresh();
        bench.ahead.clear();
        bench.outerDeadlineMillis = 0;
        bench.resumed = request;
        try {
            carryOut(
                    session,
                    request.frame,
                    0,
                    request.frame.writerIndex(),
                    out,
                    HEADER_BYTES + limits.bodyBytesMax());
        } finally {
            bench.resumed = null;
            bench.ahead.clear();
        }
        if (!parked.isWaiting(request)) {
            parked.remove(request, out);
        }
    }

    /**
     * Ends the leases of a session whose time is over, and takes notice of whether its user is
     * still one. On its event loop, now and then.
     */
    public void check(Session session) {
        session.refresh();
        leases.endOver(session.leaseHolder, clock.nowMillis());
    }

    /**
     * Answers a frame of which only the header is there, as its body is above the limit.
     *
     * @return whether the connection goes on
     */
    public boolean refuseOversize(Session session, ByteBuf header, int offset, ByteBuf out) {
        if (!session.isOpen()) {
            refuse(
                    header,
                    offset,
                    out,
                    Status.HELLO_REQUIRED,
                    RequestCheck.helloExpected(FrameHeader.opcode(header, offset)));
            return false;
        }
        if (!session.isAdmitted()) {
            refuse(header, offset, out, Status.AUTH_REQUIRED, AccessCheck.authExpected());
            return false;
        }
        int bodyBytesMax = limits.bodyBytesMax();
        ErrorBody body =
                ErrorBody.of(
                                "bodyLength",
                                FrameHeader.bodyBytes(header, offset),
                                "0.." + bodyBytesMax)
                        .withLimit(bodyBytesMax);
        refuse(header, offset, out, Status.TOO_LARGE, body);
        return true;
    }

    /**
     * Answers a request whose frame is not whole, and will not be: too much is in flight. A piece
     * of a value ends that.
     */
    public void refuseInFlight(Session session, ByteBuf beginning, ByteBuf out) {
        shared.inFlight().countRefusal();
        int requestId = FrameHeader.requestId(beginning, 0);
        if (session.incoming.isExpected(requestId)) {
            boolean isLast = (FrameHeader.flags(beginning, 0) & RequestFlag.MORE) == 0;
            boolean isAnswered = session.incoming.get(requestId) == null;
            if (isLast) {
                session.incoming.end(requestId);
            } else {
                session.incoming.refuse(requestId);
            }
            if (isAnswered) {
                return;
            }
        }
        boolean isFirstPiece =
                FrameHeader.opcode(beginning, 0) == Opcode.SET.code()
                        && (FrameHeader.flags(beginning, 0) & RequestFlag.MORE) != 0;
        if (isFirstPiece && !session.incoming.isExpected(requestId)) {
            session.incoming.refuse(requestId);
        }
        refuse(beginning, 0, out, Status.BUSY, sharedCheck.inFlightExceeded());
    }

    /** Answers a request that is not going to be carried out. */
    public void refuse(ByteBuf header, int offset, ByteBuf out, Status status, ErrorBody body) {
        body.writeResponse(
                out,
                FrameHeader.opcode(header, offset),
                status,
                FrameHeader.requestId(header, offset));
    }

    /** Carries out one of the requests in a BATCH, whose reply may take {@code roomBytes}. */
    void carryOutInBatch(
            Session session, ByteBuf frame, int offset, int limit, ByteBuf out, int roomBytes) {
        Opcode opcode = Opcode.of(FrameHeader.opcode(frame, offset));
        Workbench bench = session.bench;
        boolean isPiece = (FrameHeader.flags(frame, offset) & RequestFlag.MORE) != 0;
        if (opcode != null && opcode.isBatchable() && !isPiece) {
            bench.isInBatch = true;
            try {
                carryOut(session, frame, offset, limit, out, roomBytes);
            } finally {
                bench.isInBatch = false;
            }
            return;
        }
        bench.reply.begin(
                out,
                FrameHeader.opcode(frame, offset),
                FrameHeader.requestId(frame, offset),
                roomBytes);
        bench.reply.empty(Status.NOT_BATCHABLE);
    }

    /** Carries out a request, and takes its time if it is one of those to be timed. */
    private void carryOut(
            Session session, ByteBuf frame, int offset, int limit, ByteBuf out, int roomBytes) {
        Workbench bench = session.bench;
        bench.request.wrap(frame, offset);
        Command command = commands[bench.request.opcode];
        boolean isPiece = isPiece(session, bench);
        if (!times.isTimed(bench, command, isPiece || bench.request.hasFlag(RequestFlag.MORE))) {
            carryOut(session, command, isPiece, limit, out, roomBytes);
            return;
        }
        long beginNanos = System.nanoTime();
        carryOut(session, command, isPiece, limit, out, roomBytes);
        times.record(session, frame, offset, System.nanoTime() - beginNanos);
    }

    /** Carries out the request on the bench. */
    private void carryOut(
            Session session,
            @Nullable Command command,
            boolean isPiece,
            int limit,
            ByteBuf out,
            int roomBytes) {
        Workbench bench = session.bench;
        Request request = bench.request;
        ByteBuf frame = request.frame;
        int offset = request.offset;
        bench.reply.begin(out, request.opcode, request.requestId, roomBytes);
        int start = out.writerIndex();
        try {
            if (isPiece) {
                pieces.next(session, bench);
            } else if (check.admits(session, bench, command, limit)) {
                bench.mutation.author = session.author();
                overload.delayCommand();
                requireNonNull(command).handler().handle(session, bench);
            }
        } catch (MalformedMessageException malformed) {
            out.writerIndex(start);
            bench.reply.error(
                    Status.BAD_REQUEST, ErrorBody.of(String.valueOf(malformed.getMessage())));
        } catch (Throwable error) {
            errors.record(error);
            out.writerIndex(start);
            request.wrap(frame, offset); // a BATCH has put others in its place
            bench.reply.begin(out, request.opcode, request.requestId, roomBytes);
            bench.reply.error(Status.INTERNAL, "fault", error.getClass().getName(), "none");
        }
        if (request.opcode == Opcode.SET.code()) {
            keepTrack(session, request, out, start);
        }
    }

    private static boolean isPiece(Session session, Workbench bench) {
        return bench.request.opcode == Opcode.SET.code()
                && !bench.isInBatch
                && session.incoming.isExpected(bench.request.requestId);
    }

    /** A value that was refused from its first piece on: those that follow are to be dropped. */
    private static void keepTrack(Session session, Request request, ByteBuf out, int start) {
        boolean isAnswered = out.writerIndex() > start;
        if (!isAnswered || !request.hasFlag(RequestFlag.MORE)) {
            return;
        }
        if (session.incoming.isOverrun()) {
            session.close();
        } else {
            session.incoming.refuse(request.requestId);
        }
    }

    /** Whether the client has left a value unfinished for longer than it may. */
    public boolean isValueOverdue(Session session, long timeoutMillis) {
        return session.incoming.isOverdue(clock.nowMillis(), timeoutMillis);
    }
}
