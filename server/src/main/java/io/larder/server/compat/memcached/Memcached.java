package io.larder.server.compat.memcached;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.ConversationFactory;
import io.larder.server.compat.Peer;

/** memcached's protocols over one server's services: what all connections share. Any thread. */
public final class Memcached implements ConversationFactory {
    /** What is said where the version is asked for: that of the server whose protocol this is. */
    static final String VERSION = "1.6.18";

    /** Bytes of the longest key. */
    static final int KEY_BYTES_MAX = 250;

    /** Bytes of the longest item, as memcached has it by default: value, key and what is beside. */
    static final int ITEM_BYTES_MAX = 1 << 20;

    private static final int ITEM_BYTES_BESIDE = 56;

    final CommandServices services;
    final Counts counts = new Counts();
    final Connections connections;
    final FlushSchedule flushes;
    final GeneralStats stats;
    final TextCommandTable commands = new TextCommandTable();
    private final ThreadLocal<Bench> benches;

    /** The protocols for items of these services' store. */
    public Memcached(CommandServices services) {
        this.services = services;
        this.flushes = new FlushSchedule(services.regions(), services.errors());
        this.connections = new Connections(services.clock());
        this.stats = new GeneralStats(services, counts, connections);
        this.benches = ThreadLocal.withInitial(() -> new Bench(services));
    }

    @Override
    public byte[] refusal(String reason) {
        return Ascii.bytes("ERROR Too many open connections: " + reason + "\r\n");
    }

    @Override
    public Conversation open(Peer peer) {
        return new MemcachedConversation(this, peer);
    }

    /** What the present thread works at. */
    Bench bench() {
        return benches.get();
    }

    /** Whether an item is longer than one may be. */
    static boolean isTooLarge(int keyBytes, int valueBytes) {
        return valueBytes > ITEM_BYTES_MAX - ITEM_BYTES_BESIDE - keyBytes;
    }
}
