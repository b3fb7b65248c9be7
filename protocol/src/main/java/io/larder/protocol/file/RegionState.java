package io.larder.protocol.file;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a persistent region as a whole: which of its records still count. Immutable, for
 * any thread.
 *
 * @param entries the most records, which the file was made for
 * @param epoch counts how often the region was cleared
 * @param versionBound above every version given so far
 * @param startVersion above every version given before the last start
 * @param olderTagsFloor records with tags up to this version are gone; 0 for none
 * @param isOpen whether a server has it, or was killed while it had
 * @param floors what was invalidated by tag or prefix and may not be swept yet
 */
public record RegionState(
        long entries,
        int epoch,
        long versionBound,
        long startVersion,
        long olderTagsFloor,
        boolean isOpen,
        List<Floor> floors) {
    /** The most floors. */
    public static final int FLOORS_MAX = 64;

    private static final int FIXED_BYTES = 8 + 4 + 8 + 8 + 8 + 1 + 2;

    /**
     * Records of a tag or under a prefix are gone up to a version.
     *
     * @param version the last that is gone
     * @param tag the tag, 0 if it is a prefix
     * @param prefix the first bytes of keys; empty if it is a tag
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by sameAs
    public record Floor(long version, long tag, byte[] prefix) {
        /** Whether the other one stands for the same tag or prefix. */
        public boolean isFor(long otherTag, byte[] otherPrefix) {
            return tag == otherTag && Arrays.equals(prefix, otherPrefix);
        }

        boolean covers(RegionRecord record, byte[] key) {
            if (record.version() > version) {
                return false;
            }
            if (tag == 0) {
                return key.length >= prefix.length
                        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
            }
            for (int i = 0; i < record.tags(); i++) {
                if (record.tag(i) == tag) {
                    return true;
                }
            }
            return false;
        }
    }

    public RegionState {
        floors = List.copyOf(floors);
    }

    /** The state of a region that nothing was written to. */
    public static RegionState ofNew(long entries) {
        return new RegionState(entries, 1, 0, 0, 0, false, List.of());
    }

    /** A server has it now. */
    public RegionState started() {
        return new RegionState(
                entries, epoch, versionBound, versionBound, olderTagsFloor, true, floors);
    }

    /** The server has ended. */
    public RegionState ended() {
        return new RegionState(
                entries, epoch, versionBound, startVersion, olderTagsFloor, false, floors);
    }

    /** Versions are given up to another bound. */
    public RegionState withVersionBound(long bound) {
        return new RegionState(entries, epoch, bound, startVersion, olderTagsFloor, isOpen, floors);
    }

    /** The region was cleared: no record counts any more. */
    public RegionState cleared() {
        return new RegionState(
                entries, epoch + 1, versionBound, startVersion, 0, isOpen, List.of());
    }

    /** Other floors, and perhaps the end of all records whose tags are from before the start. */
    public RegionState withFloors(List<Floor> newFloors, boolean endsOlderTags) {
        long older = endsOlderTags ? startVersion : olderTagsFloor;
        return new RegionState(
                entries, epoch, versionBound, startVersion, older, isOpen, newFloors);
    }

    /** Whether a record under this key still counts, its expiry apart. */
    public boolean isCurrent(RegionRecord record, byte[] key) {
        if (record.epoch() != epoch || (record.version() <= olderTagsFloor && record.tags() > 0)) {
            return false;
        }
        for (int i = 0; i < floors.size(); i++) {
            if (floors.get(i).covers(record, key)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes that {@link #writeTo} writes. */
    int bytes() {
        return FIXED_BYTES + floors.stream().mapToInt(floor -> 18 + floor.prefix.length).sum();
    }

    void writeTo(ByteBuffer out) {
        out.putLong(entries).putInt(epoch).putLong(versionBound).putLong(startVersion);
        out.putLong(olderTagsFloor).put((byte) (isOpen ? 1 : 0)).putShort((short) floors.size());
        for (Floor floor : floors) {
            out.putLong(floor.version).putLong(floor.tag);
            out.putShort((short) floor.prefix.length).put(floor.prefix);
        }
    }

    /** Null if the bytes are no state. */
    static @Nullable RegionState readFrom(ByteBuffer in) {
        try {
            long entries = in.getLong();
            int epoch = in.getInt();
            long versionBound = in.getLong();
            long startVersion = in.getLong();
            long olderTagsFloor = in.getLong();
            boolean isOpen = in.get() != 0;
            int count = in.getShort();
            if (count < 0 || count > FLOORS_MAX) {
                return null;
            }
            Floor[] floors = new Floor[count];
            for (int i = 0; i < count; i++) {
                long version = in.getLong();
                long tag = in.getLong();
                byte[] prefix = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
                in.get(prefix);
                floors[i] = new Floor(version, tag, prefix);
            }
            return new RegionState(
                    entries,
                    epoch,
                    versionBound,
                    startVersion,
                    olderTagsFloor,
                    isOpen,
                    List.of(floors));
        } catch (BufferUnderflowException e) {
            return null;
        }
    }
}
