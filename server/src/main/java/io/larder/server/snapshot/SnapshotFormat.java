package io.larder.server.snapshot;

import io.larder.server.store.SnapshotItem;

/** The bytes of a snapshot's file around its items. Stateless. */
final class SnapshotFormat {
    /*
     * All numbers are big-endian and unsigned; each CRC is CRC-32C of all bytes of its part before
     * it.
     *
     *   header   magic u64 | format u32 | names' bytes u32 | store time u64 | names | crc u32
     *            a name: space u32 | length u8 | that many bytes
     *   block    items' bytes u32, not 0 | items u32 | items | crc u32
     *   ...
     *   trailer  0 u32 | 0 u32 | blocks u64 | items u64 | crc u32
     *   the end of the file
     *
     * Store time: milliseconds since 2026-01-01T00:00Z, the cut's. Items: see
     * io.larder.server.store.SnapshotItem. A file without its trailer is not a snapshot.
     */
    static final long MAGIC = 0x4C41_5244_534E_4150L; // LARDSNAP
    static final int FORMAT = 2;
    static final int HEADER_BYTES = 24;
    static final int NAMES_BYTES_MAX = 8 << 20;
    static final int BLOCK_HEADER_BYTES = 8;
    static final int BLOCK_BYTES_MAX = SnapshotItem.BYTES_MAX;
    static final int TRAILER_BYTES = 24;
    static final int CRC_BYTES = 4;

    private SnapshotFormat() {}
}
