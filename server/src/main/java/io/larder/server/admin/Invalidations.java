package io.larder.server.admin;

/** Ends items by tag or key prefix, as a client would. Any thread may call it. */
public interface Invalidations {
    /** Whether a region's items with this tag are gone; if not, too many tags went of late. */
    boolean tag(int regionId, byte[] tag);

    /** Whether a region's items under this prefix are gone; if not, too many went of late. */
    boolean prefix(int regionId, byte[] prefix);
}
