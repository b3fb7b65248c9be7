package io.larder.client.net;

import io.larder.client.api.AsyncLoader;
import io.larder.client.api.BulkLoader;
import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RegionStats;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.ScanRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One region of the servers: turns each operation into a request. Any thread. */
final class RemoteAsyncCache implements TrackingCache {
    private static final byte[] NO_BYTES = {};

    private final Router router;
    private final Region region;
    private final long timeoutNanos;
    private final Admission admission;
    private final boolean servesHeld; // values of hot keys

    RemoteAsyncCache(Router router, Region region, long timeoutNanos) {
        this(router, region, timeoutNanos, Admission.REJECT, true);
    }

    private RemoteAsyncCache(
            Router router,
            Region region,
            long timeoutNanos,
            Admission admission,
            boolean servesHeld) {
        this.router = router;
        this.region = region;
        this.timeoutNanos = timeoutNanos;
        this.admission = admission;
        this.servesHeld = servesHeld;
    }

    RemoteAsyncCache with(Admission newAdmission) {
        return new RemoteAsyncCache(router, region, timeoutNanos, newAdmission, servesHeld);
    }

    /** The same, but what is read is always the server's. */
    RemoteAsyncCache withoutHeld() {
        return new RemoteAsyncCache(router, region, timeoutNanos, admission, false);
    }

    Router router() {
        return router;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public String region() {
        return region.name();
    }

    @Override
    public RemoteAsyncCache withTimeout(Duration timeout) {
        long max = Duration.ofMillis(LarderOptions.TIMEOUT_MILLIS_MAX).toNanos();
        boolean inRange =
                timeout.compareTo(Duration.ofMillis(1)) >= 0
                        && timeout.compareTo(Duration.ofNanos(max)) <= 0;
        if (!inRange) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 ms..1 day)");
        }
        return new RemoteAsyncCache(router, region, timeout.toNanos(), admission, servesHeld);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(byte[] key) {
        return read(key, ReplyReaders.VALUE, StoredValue::bytes);
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getStored(byte[] key) {
        return read(key, ReplyReaders.STORED, Function.identity());
    }

    /** From the server, unless the key is hot and its value held. */
    private <T> CompletableFuture<Optional<T>> read(
            byte[] key, ReplyReader<Optional<T>> reader, Function<StoredValue, T> ofHeld) {
        requireKey(key);
        ServerLink link = router.linkOf(key, key.length);
        HeldKey held = heldKey(link, key);
        if (held == null) {
            return submit(link, Request.of(Opcode.GET, 0, region, null, key), reader);
        }
        long nowNanos = router.nanoClock().getAsLong();
        StoredValue value = held.find(nowNanos);
        if (value != null) {
            return CompletableFuture.completedFuture(Optional.of(ofHeld.apply(value)));
        }
        Request request = Request.of(Opcode.GET, RequestFlag.RETURN_META, region, null, key);
        return submit(link, request, held.keeping(reader, nowNanos));
    }

    private @Nullable HeldKey heldKey(ServerLink link, byte[] key) {
        return servesHeld ? link.held().find(region, key) : null;
    }

    /** The value of a hot key that is held and may be served; null if the server is to be asked. */
    @Nullable StoredValue heldValue(byte[] key) {
        HeldKey held = heldKey(router.linkOf(key, key.length), key);
        return held == null ? null : held.find(router.nanoClock().getAsLong());
    }

    @Override
    public CompletableFuture<Optional<Entry<byte[]>>> getEntry(byte[] key) {
        return ask(Opcode.GET, RequestFlag.RETURN_META, null, key, ReplyReaders.ENTRY);
    }

    @Override
    public TrackedServer serverOf(byte[] key) {
        return router.linkOf(key, key.length);
    }

    @Override
    public void register(TrackedServer server, CopyKeeper keeper, long heartbeatMillis) {
        ((ServerLink) server).register(region, keeper, heartbeatMillis);
    }

    @Override
    public CompletableFuture<Optional<Entry<byte[]>>> getTracked(TrackedServer server, byte[] key) {
        requireKey(key);
        int flags =
                server.tellsChanges()
                        ? RequestFlag.RETURN_META | RequestFlag.TRACK
                        : RequestFlag.RETURN_META;
        Request request = Request.of(Opcode.GET, flags, region, null, key);
        return submit((ServerLink) server, request, ReplyReaders.ENTRY);
    }

    @Override
    public CompletableFuture<IfChanged<byte[]>> getIfChanged(byte[] key, long knownVersion) {
        return ask(
                Opcode.GET,
                RequestFlag.RETURN_META | RequestFlag.IF_VERSION,
                version(knownVersion),
                key,
                ReplyReaders.IF_CHANGED);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> getOrLoad(
            byte[] key, LoadOptions options, Loader<byte[], byte[]> loader) {
        return LayeredCall.map(
                getOrLoadStored(key, options, it -> loader.load(it).map(StoredValue::raw)),
                found -> found.map(StoredValue::bytes));
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getOrLoadStored(
            byte[] key, LoadOptions options, Loader<byte[], StoredValue> loader) {
        requireKey(key);
        StoredValue held = heldValue(key);
        if (held != null) {
            return CompletableFuture.completedFuture(Optional.of(held));
        }
        return router.loads().load(this, loadAdmission(), key, options, loader);
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getOrLoadStoredAsync(
            byte[] key, LoadOptions options, AsyncLoader<byte[], StoredValue> loader) {
        requireKey(key);
        StoredValue held = heldValue(key);
        if (held != null) {
            return CompletableFuture.completedFuture(Optional.of(held));
        }
        return router.loads().loadAsync(this, loadAdmission(), key, options, loader);
    }

    @Override
    public CompletableFuture<List<Optional<StoredValue>>> getOrLoadAllStored(
            List<byte[]> keys, LoadOptions options, BulkLoader<byte[], StoredValue> loader) {
        keys.forEach(RemoteAsyncCache::requireKey);
        return new LoadAll(router.loads(), this, keys, options, loader).start(loadAdmission());
    }

    /** A layer in front may ask on the event loop, where nobody waits: it continues its call. */
    private Admission loadAdmission() {
        boolean mustNotWait = admission == Admission.WAIT && router.inEventLoop();
        return mustNotWait ? Admission.CONTINUE : admission;
    }

    /**
     * Asks for a value, or for the right to load it.
     *
     * @param options of which lease time and tags are told
     */
    CompletableFuture<LeaseReply> askForLease(
            byte[] key, LoadOptions options, long waitMillis, Admission how) {
        RequestExtension extensions =
                new RequestExtension(ExtensionType.LEASE_MILLIS, options.leaseMillis(), null);
        if (!options.storing().tags().isEmpty()) {
            extensions = RequestExtension.tags(options.storing().tags(), extensions);
        }
        if (waitMillis > 0) {
            extensions = new RequestExtension(ExtensionType.WAIT_MILLIS, waitMillis, extensions);
        }
        int flags = RequestFlag.LEASE_ON_MISS | RequestFlag.SOFT_REFRESH;
        ReplyReader<LeaseReply> reader = ReplyReaders.LEASE;
        ServerLink link = router.linkOf(key, key.length);
        HeldKey held = heldKey(link, key);
        if (held != null) {
            flags |= RequestFlag.RETURN_META;
            reader = held.keeping(reader, router.nanoClock().getAsLong());
        }
        Request request = Request.of(Opcode.GET, flags, region, extensions, key);
        long nanos = timeoutNanos + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        Call<LeaseReply> call = router.call(request, reader, nanos);
        link.submit(call, how);
        return call;
    }

    /** Asks for a value of a server that has no leases. */
    CompletableFuture<LeaseReply> askPlainly(byte[] key, Admission how) {
        Request request = Request.of(Opcode.GET, 0, region, null, key);
        return submit(request, ReplyReaders.LEASE, timeoutNanos, how);
    }

    /** Stores what was loaded, under a lease unless there is none. */
    CompletableFuture<WriteResult> fill(
            byte[] key, StoredValue value, PutOptions options, long token) {
        LarderException tooLarge = Failures.aboveAnyLimit(Opcode.SET, key, value.bytes());
        if (tooLarge != null) {
            return CompletableFuture.failedFuture(tooLarge);
        }
        RequestExtension extensions = withToken(token, PutFields.extensions(options, value));
        int flags = PutFields.flags(options);
        Request request = Request.of(Opcode.SET, flags, region, extensions, key, value.bytes());
        return submit(request, ReplyReaders.WRITE, timeoutNanos, Admission.CONTINUE);
    }

    /** Stores, under a lease, that the origin has no value. */
    CompletableFuture<WriteResult> fillNegative(byte[] key, Ttl ttl, long token) {
        RequestExtension extensions = withToken(token, PutFields.ttl(ttl, null));
        Request request = Request.of(Opcode.SET, RequestFlag.NEGATIVE, region, extensions, key);
        return submit(request, ReplyReaders.WRITE, timeoutNanos, Admission.CONTINUE);
    }

    /** Gives a lease back; if that is not heard, the lease ends with its time. */
    void release(byte[] key, long token) {
        Request request = Request.of(Opcode.RELEASE, 0, region, withToken(token, null), key);
        var unused = submit(request, ReplyReaders.DONE, timeoutNanos, Admission.CONTINUE);
    }

    private static @Nullable RequestExtension withToken(
            long token, @Nullable RequestExtension next) {
        return token == LeaseReply.NO_TOKEN
                ? next
                : new RequestExtension(ExtensionType.LEASE_TOKEN, token, next);
    }

    @Override
    public CompletableFuture<List<Optional<byte[]>>> getAll(List<byte[]> keys) {
        return getAll(keys, ReplyReaders.VALUE, StoredValue::bytes);
    }

    @Override
    public CompletableFuture<List<Optional<StoredValue>>> getAllStored(List<byte[]> keys) {
        return getAll(keys, ReplyReaders.STORED, Function.identity());
    }

    private <T> CompletableFuture<List<Optional<T>>> getAll(
            List<byte[]> keys, ReplyReader<Optional<T>> reader, Function<StoredValue, T> ofHeld) {
        keys.forEach(RemoteAsyncCache::requireKey);
        return servesHeld && router.knowsHotKeys()
                ? HotAmongMany.read(
                        keys,
                        key -> heldKey(router.linkOf(key, key.length), key) != null,
                        key -> read(key, reader, ofHeld),
                        others -> getAll(others, reader))
                : getAll(keys, reader);
    }

    private <T> CompletableFuture<List<T>> getAll(List<byte[]> keys, ReplyReader<T> reader) {
        ItemOperations gets = ItemOperations.gets(keys);
        return new ManyItems<>(router, region, gets, reader, ManyItems::all, timeoutNanos)
                .start(admission);
    }

    @Override
    public CompletableFuture<Optional<Entry<byte[]>>> getAndTouch(byte[] key, Ttl ttl) {
        return ask(
                Opcode.GET_AND_TOUCH,
                RequestFlag.RETURN_META,
                PutFields.ttl(ttl, null),
                key,
                ReplyReaders.ENTRY);
    }

    @Override
    public CompletableFuture<WriteResult> putStored(
            byte[] key, StoredValue value, PutOptions options) {
        return tell(
                Opcode.SET,
                PutFields.flags(options),
                PutFields.extensions(options, value),
                key,
                value.bytes());
    }

    @Override
    public CompletableFuture<List<KeyResult<WriteResult>>> putAll(
            List<byte[]> keys, List<StoredValue> values, PutOptions options) {
        if (keys.size() != values.size()) {
            throw new IllegalArgumentException(
                    "values: " + values.size() + " (expected: " + keys.size() + ", one a key)");
        }
        keys.forEach(RemoteAsyncCache::requireKey);
        keys.forEach(key -> router.loads().forget(region(), key, key.length));
        ItemOperations puts = ItemOperations.puts(keys, values, options);
        return new ManyItems<>(
                        router,
                        region,
                        puts,
                        ReplyReaders.WRITE,
                        Function.<List<KeyResult<WriteResult>>>identity(),
                        timeoutNanos)
                .start(admission);
    }

    @Override
    public CompletableFuture<Boolean> delete(byte[] key) {
        return ask(Opcode.DELETE, 0, null, key, ReplyReaders.DONE);
    }

    @Override
    public CompletableFuture<WriteResult> deleteIfVersion(byte[] key, long expectedVersion) {
        return ask(
                Opcode.DELETE,
                RequestFlag.IF_VERSION,
                version(expectedVersion),
                key,
                ReplyReaders.WRITE);
    }

    @Override
    public CompletableFuture<Boolean> touch(byte[] key, Ttl ttl) {
        return ask(Opcode.TOUCH, 0, PutFields.ttl(ttl, null), key, ReplyReaders.DONE);
    }

    @Override
    public CompletableFuture<OptionalLong> increment(byte[] key, long delta) {
        RequestExtension extensions = new RequestExtension(ExtensionType.DELTA, delta, null);
        return ask(Opcode.INCREMENT, 0, extensions, key, ReplyReaders.NUMBER_IF_ANY);
    }

    @Override
    public CompletableFuture<Long> increment(byte[] key, long delta, long initial, Ttl ttl) {
        RequestExtension extensions =
                new RequestExtension(
                        ExtensionType.INITIAL, initial, PutFields.ttlUnlessDefault(ttl, null));
        extensions = new RequestExtension(ExtensionType.DELTA, delta, extensions);
        return ask(Opcode.INCREMENT, 0, extensions, key, ReplyReaders.NUMBER);
    }

    @Override
    public CompletableFuture<WriteResult> append(byte[] key, byte[] suffix) {
        return tell(Opcode.APPEND, RequestFlag.RETURN_META, null, key, suffix);
    }

    @Override
    public CompletableFuture<WriteResult> prepend(byte[] key, byte[] prefix) {
        return tell(Opcode.PREPEND, RequestFlag.RETURN_META, null, key, prefix);
    }

    @Override
    public CompletableFuture<ScanPage> scan(byte[] prefix, long cursor, int count) {
        boolean isOne = router.serverCount() == 1;
        int server = isOne ? 0 : ServersCursor.server(cursor);
        if (server >= router.serverCount()) {
            throw new IllegalArgumentException(
                    "cursor: " + cursor + " (expected: ScanPage.START, or of a page before)");
        }
        long cursorThere = isOne ? cursor : ServersCursor.within(cursor);
        return scan(server, prefix, new ScanRequest(cursorThere, count), NO_BYTES);
    }

    @Override
    public CompletableFuture<ScanPage> scanFrom(byte[] startKey, byte[] prefix, int count) {
        requireKey(startKey);
        ScanRequest wanted = new ScanRequest(ScanPage.START, count);
        return scan(router.serverOf(startKey), prefix, wanted, startKey);
    }

    private CompletableFuture<ScanPage> scan(
            int server, byte[] prefix, ScanRequest wanted, byte[] startKey) {
        byte[] value = new byte[ScanRequest.BYTES + startKey.length];
        ByteBuf out = Unpooled.wrappedBuffer(value).writerIndex(0);
        wanted.write(out);
        out.writeBytes(startKey);
        Request request = Request.of(Opcode.SCAN, 0, region, null, prefix, value);
        int servers = router.serverCount();
        ReplyReader<ScanPage> reader =
                servers == 1
                        ? ReplyReaders.SCAN_PAGE
                        : reply ->
                                ServersCursor.widen(
                                        ReplyReaders.SCAN_PAGE.read(reply), server, servers);
        return submit(router.anyLinkOf(server), request, reader);
    }

    @Override
    public CompletableFuture<@Nullable Void> clear() {
        return clear(null, NO_BYTES);
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidateTag(String tag) {
        return clear(RequestExtension.tags(PutOptions.DEFAULT.tags(tag).tags(), null), NO_BYTES);
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidatePrefix(byte[] prefix) {
        requireLength("prefixLength", prefix); // an empty one would clear the region
        return clear(null, prefix);
    }

    @Override
    public CompletableFuture<RegionStats> stats() {
        if (region().isEmpty()) {
            throw new UnsupportedOperationException(
                    "stats of the default region (expected: a named one, or Larder.stats)");
        }
        Request request = Request.bare(Opcode.STATS, region);
        List<CompletableFuture<RegionStats>> stats = ofEach(request, ReplyReaders.REGION_STATS);
        return stats.size() == 1
                ? stats.get(0)
                : AllOf.parts(
                        stats,
                        () -> stats.stream().map(it -> it.join()).reduce(RegionStats::plus).get());
    }

    private <T> List<CompletableFuture<T>> ofEach(Request request, ReplyReader<T> reader) {
        List<CompletableFuture<T>> calls = new ArrayList<>();
        for (int server = 0; server < router.serverCount(); server++) {
            calls.add(submit(router.anyLinkOf(server), request, reader));
        }
        return calls;
    }

    /** On each server. */
    private CompletableFuture<@Nullable Void> clear(
            @Nullable RequestExtension extensions, byte[] prefix) {
        router.loads().forgetAll(region());
        router.forgetHeld(region);
        Request request = Request.of(Opcode.CLEAR, 0, region, extensions, prefix);
        List<CompletableFuture<@Nullable Void>> cleared = ofEach(request, ReplyReaders.NOTHING);
        CompletableFuture<@Nullable Void> all =
                cleared.size() == 1 ? cleared.get(0) : AllOf.parts(cleared, () -> null);
        return router.servesHotKeys()
                ? LayeredCall.after(all, () -> router.forgetHeld(region))
                : all;
    }

    private <T> CompletableFuture<T> ask(
            Opcode opcode,
            int flags,
            @Nullable RequestExtension extensions,
            byte[] key,
            ReplyReader<T> reader) {
        requireKey(key);
        return submit(Request.of(opcode, flags, region, extensions, key), reader);
    }

    private CompletableFuture<WriteResult> tell(
            Opcode opcode,
            int flags,
            @Nullable RequestExtension extensions,
            byte[] key,
            byte[] value) {
        requireKey(key);
        LarderException tooLarge = Failures.aboveAnyLimit(opcode, key, value);
        if (tooLarge != null) {
            return CompletableFuture.failedFuture(tooLarge);
        }
        return submit(
                Request.of(opcode, flags, region, extensions, key, value), ReplyReaders.WRITE);
    }

    private <T> Call<T> submit(Request request, ReplyReader<T> reader) {
        if (request.opcode.isWrite()) {
            router.loads().forget(region(), request.body, request.keyBytes);
        }
        return submit(request, reader, timeoutNanos, admission);
    }

    private <T> Call<T> submit(Request request, ReplyReader<T> reader, long nanos, Admission how) {
        Call<T> call = router.call(request, reader, nanos);
        router.submit(call, how);
        return call;
    }

    private <T> Call<T> submit(ServerLink link, Request request, ReplyReader<T> reader) {
        Call<T> call = router.call(request, reader, timeoutNanos);
        link.submit(call, admission);
        return call;
    }

    private static RequestExtension version(long version) {
        return new RequestExtension(ExtensionType.VERSION, version, null);
    }

    private static void requireKey(byte[] key) {
        requireLength("keyLength", key);
    }

    private static void requireLength(String name, byte[] key) {
        if (key.length < 1) {
            throw new IllegalArgumentException(
                    name
                            + ": "
                            + key.length
                            + " (expected: 1.."
                            + ProtocolLimits.KEY_BYTES_MAX
                            + ")");
        }
    }
}
