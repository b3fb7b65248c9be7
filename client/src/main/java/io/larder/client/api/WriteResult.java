package io.larder.client.api;

/**
 * How a write ended that the server understood: carried out, or refused by its condition.
 *
 * @param outcome applied, or why not
 * @param version the item's version: after an applied write that leaves an item, the new one; after
 *     VERSION_MISMATCH the one found; after NOT_NEWER the caller's version found; else {@link
 *     #NO_VERSION}
 */
public record WriteResult(Outcome outcome, long version) {
    /** Why a write was carried out or not. */
    public enum Outcome {
        /** It was carried out. */
        APPLIED,
        /** Refused: it wanted the key absent, and it is present. */
        EXISTS,
        /** Refused: the item has another version. */
        VERSION_MISMATCH,
        /** Refused: the item's caller version is as high; see {@link PutOptions#ifNewer}. */
        NOT_NEWER,
        /** Refused: there is no such item. */
        MISSING,
        /** Refused for a reason that is nobody's error, as an invalidation that came in between. */
        NOT_STORED
    }

    /** The {@link #version} where there is none; no item ever has it. */
    public static final long NO_VERSION = 0;

    public static final WriteResult EXISTS = new WriteResult(Outcome.EXISTS, NO_VERSION);
    public static final WriteResult MISSING = new WriteResult(Outcome.MISSING, NO_VERSION);
    public static final WriteResult NOT_STORED = new WriteResult(Outcome.NOT_STORED, NO_VERSION);

    /** True if the write was carried out. */
    public boolean isApplied() {
        return outcome == Outcome.APPLIED;
    }
}
