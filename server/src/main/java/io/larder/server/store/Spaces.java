package io.larder.server.store;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The spaces of one store that somebody defined, with their settings and accounts. Items of others
 * are stored all the same, under no settings and in no account. For any thread.
 */
public final class Spaces {
    private final int shards;

    private volatile boolean anyIdleEnd; // written under this

    /** Never changed once published; replaced under this. */
    private volatile Int2ObjectHashMap<SpaceAccount> accounts = new Int2ObjectHashMap<>();

    Spaces(int shards) {
        this.shards = shards;
    }

    /** Begins the account of a space, before its first item. */
    public synchronized void define(int space, SpaceSettings settings) {
        Int2ObjectHashMap<SpaceAccount> changed = new Int2ObjectHashMap<>(accounts);
        changed.put(space, new SpaceAccount(settings, shards));
        anyIdleEnd |= settings.maxIdleMillis() > 0;
        accounts = changed;
    }

    /** Changes the settings of a space; nothing if it is not defined. */
    public synchronized void change(int space, SpaceSettings settings) {
        SpaceAccount account = account(space);
        if (account != null) {
            anyIdleEnd |= settings.maxIdleMillis() > 0;
            account.settings = settings;
        }
    }

    /** Ends the account of a space that is not used any more; what it says is the last. */
    public synchronized SpaceStats forget(int space) {
        Int2ObjectHashMap<SpaceAccount> changed = new Int2ObjectHashMap<>(accounts);
        SpaceAccount forgotten = changed.remove(space);
        accounts = changed;
        return forgotten == null ? SpaceStats.NONE : forgotten.stats();
    }

    /** What a space holds; nothing if it is not defined. Locking: none. */
    public SpaceStats stats(int space) {
        SpaceAccount account = account(space);
        return account == null ? SpaceStats.NONE : account.stats();
    }

    @Nullable SpaceAccount account(int space) {
        return accounts.get(space);
    }

    /** How long items of the space live without use; 0 for no such end. Locking: none. */
    long maxIdleMillis(int space) {
        if (!anyIdleEnd) {
            return 0;
        }
        SpaceAccount account = account(space);
        return account == null ? 0 : account.settings.maxIdleMillis();
    }

    /** The quotas of all spaces whose items survive every eviction, in bytes. Locking: none. */
    long pinnedQuotaBytes() {
        return accounts.values().stream()
                .filter(account -> account.settings.pinned())
                .mapToLong(account -> account.settings.quotaBytes())
                .sum();
    }

    /** Whether items of the space survive every eviction. */
    boolean isPinned(int space) {
        SpaceAccount account = account(space);
        return account != null && account.settings.pinned();
    }

    /** Whether items of the space are the first to go. */
    boolean isExpendable(int space) {
        SpaceAccount account = account(space);
        return account != null && account.isOver();
    }
}
