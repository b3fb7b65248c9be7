package io.larder.server.warm;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionRecord;
import io.larder.server.region.RegionTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The regions of a server, by name and space, kept in the file of its store. */
final class RegionWords implements RegionRecord {
    /*
     * 128 bytes for each id:
     *
     *   0                                                     8                     72
     *  +----------------+----------------+-------------------+---------------------+-----------+
     *  | check 24       | length 8       | space 32          | name                | unused    |
     *  +----------------+----------------+-------------------+---------------------+-----------+
     *
     * Name first, then the word, a release store; a new space changes the word only. So an entry is
     * there as a whole or not at all, with its old space or its new one. No id is left out.
     */
    static final int BYTES = RegionTable.REGIONS_MAX * 128;

    private static final int ENTRY_BYTES = 128;
    private static final int NAME_OFFSET = 8;
    private static final int CHECK_SHIFT = 40;

    private final Memory words;

    RegionWords(Memory words) {
        this.words = words;
    }

    /** Whether all of it can be believed. */
    boolean isSound() {
        boolean isEnd = false;
        for (int id = 0; id < RegionTable.REGIONS_MAX; id++) {
            long word = words.getLong(at(id));
            if (word != 0 && (isEnd || word != word(nameOf(id), (int) word))) {
                return false;
            }
            isEnd |= word == 0;
        }
        return true;
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int id = 0; id < RegionTable.REGIONS_MAX && words.getLong(at(id)) != 0; id++) {
            entries.add(
                    new Entry(
                            new String(nameOf(id), StandardCharsets.US_ASCII),
                            (int) words.getLong(at(id))));
        }
        return entries;
    }

    @Override
    public void put(int id, String name, int space) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (words.getLong(at(id)) == 0) {
            words.copyIn(at(id) + NAME_OFFSET, Slice.of(bytes));
        }
        words.putLongRelease(at(id), word(bytes, space));
    }

    private byte[] nameOf(int id) {
        int length = (int) (words.getLong(at(id)) >>> 32) & 0xFF;
        byte[] name = new byte[Math.min(length, RegionTable.NAME_BYTES_MAX)];
        words.copyOut(at(id) + NAME_OFFSET, name, 0, name.length);
        return name;
    }

    private static long word(byte[] name, int space) {
        CRC32C check = new CRC32C();
        check.update(name);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            check.update(space >>> shift);
        }
        return check.getValue() << CHECK_SHIFT | (long) name.length << 32 | space;
    }

    private static long at(int id) {
        return (long) id * ENTRY_BYTES;
    }
}
