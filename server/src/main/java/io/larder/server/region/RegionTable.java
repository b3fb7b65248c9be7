package io.larder.server.region;

import static java.util.Objects.requireNonNull;

import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Liveness;
import io.larder.server.store.SpaceStats;
import io.larder.server.store.Spaces;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The regions of one server: name, id on the wire (u16) and space (24 bits), the incarnation that a
 * key is hashed and compared with. Region 0 is always there, named {@link #DEFAULT_NAME}, and
 * begins with space {@link #SPACE_FIRST}.
 *
 * <p>Any thread may call anything. {@link #space}, {@link #find} and {@link #isLive} never lock.
 *
 * <p>Bounds: {@link #REGIONS_MAX} regions, which are never removed, and {@link #SPACE_MAX} spaces,
 * which are never used twice; at either a {@link RegionLimitException}.
 */
/*
 * A clear replaces the region's space and is over: keys are hashed with the space, so nothing that
 * was stored before is found again. Order: the new space is written down, if regions are, and is
 * marked live, the region is pointed to it (release), the old space is marked dead, the listener is
 * told. So at no moment does a region point to a space that is not live. Were the space written down later, a process that is killed in
 * between would leave writes that were answered in the new space, and values older than those in the
 * one written down. A write that has read the old space and comes late stores an
 * item nobody finds; it is concurrent with the clear, as if it had come before.
 */
public final class RegionTable implements Liveness {
    /** The region that needs no opening. */
    public static final int DEFAULT_ID = 0;

    /** Its name. */
    public static final String DEFAULT_NAME = "default";

    /** What people are shown for the space of a region of before. */
    public static final String NO_NAME = "-";

    /** The space it begins with; space 0 is never used. */
    public static final int SPACE_FIRST = 1;

    /** The last space there is. */
    public static final int SPACE_MAX = (1 << 24) - 1;

    /** The most regions. */
    public static final int REGIONS_MAX = 1024;

    /** Bytes, and characters, of the longest name. */
    public static final int NAME_BYTES_MAX = 64;

    /** What {@link #space} and {@link #find} say of a region that is not there. */
    public static final int NONE = -1;

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1," + NAME_BYTES_MAX + "}");
    private static final int WORDS_FIRST = 64;

    /** Spaces that clears have left behind that are remembered of each region. */
    public static final int FORMER_SPACES_MAX = 16;

    private final Map<String, RegionSettings> settings; // guarded by this
    private final List<IntConsumer> onRetired;
    private volatile IntConsumer onCleared = id -> {};
    private SpaceListener onDefined = (id, space) -> {}; // guarded by this
    private final ConcurrentHashMap<String, Region> byName = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Region> byId =
            new AtomicReferenceArray<>(REGIONS_MAX); // written under this
    private int regions; // guarded by this
    private int spaceLast; // guarded by this
    private RegionRecord record = RegionRecord.NONE; // guarded by this
    private @Nullable Spaces spaces; // guarded by this

    /** A bit per space that is some region's present one; set under this, replaced to grow. */
    private volatile AtomicLongArray live = new AtomicLongArray(WORDS_FIRST);

    /** Told which space a region is to have. */
    @FunctionalInterface
    public interface SpaceListener {
        /** Called before anybody can find the space, under the table's monitor. */
        void defined(int regionId, int space);
    }

    private static final class Region {
        final int id;
        final String name;
        volatile RegionSettings settings; // written under the table's monitor
        final StripedCounter hits = new StripedCounter();
        final StripedCounter misses = new StripedCounter();
        volatile int space; // written under the table's monitor

        /** Spaces that clears have left behind, the latest first; under the table's monitor. */
        final Deque<Integer> former = new ArrayDeque<>();

        /** Of spaces that clears have left behind; under the table's monitor. */
        long writesBefore;

        long evictionsBefore;

        Region(int id, String name, RegionSettings settings, int space) {
            this.id = id;
            this.name = name;
            this.settings = settings;
            this.space = space;
        }
    }

    /**
     * A table with the default region.
     *
     * @param onRetired told each space that a clear has left behind, after the clear and with no
     *     lock held, so that its items' memory can be reclaimed
     */
    public RegionTable(IntConsumer onRetired) {
        this(Map.of(), onRetired);
    }

    /**
     * A table with the default region and those of which something was settled.
     *
     * @param settings by name, fewer than {@link #REGIONS_MAX}
     */
    public RegionTable(Map<String, RegionSettings> settings, IntConsumer onRetired) {
        this.settings = new HashMap<>(settings);
        this.onRetired = new CopyOnWriteArrayList<>(List.of(onRetired));
        spaceLast = SPACE_FIRST;
        synchronized (this) {
            add(DEFAULT_NAME, SPACE_FIRST);
            for (String name : new TreeSet<>(settings.keySet())) {
                if (!name.equals(DEFAULT_NAME)) {
                    add(name, ++spaceLast);
                }
            }
        }
    }

    /**
     * Sets who is told the id of a region of which items were removed at one stroke: by a clear, or
     * as {@link #invalidated} says. Called after that and before it is answered, with no lock held.
     */
    public void onCleared(IntConsumer listener) {
        onCleared = listener;
    }

    /** Items of a region were invalidated, by tag or prefix. Locking: none. */
    public void invalidated(int id) {
        onCleared.accept(id);
    }

    /**
     * Changes what was settled for the region of this name, now or whenever it is opened. Items
     * that are there keep the ends of their lives.
     *
     * <p>Locking: this table's monitor.
     */
    public synchronized void configure(String name, RegionSettings changed) {
        settings.put(name, changed);
        Region region = byName.get(name);
        if (region != null) {
            region.settings = changed;
            if (spaces != null) {
                spaces.change(region.space, changed.items());
            }
        }
    }

    /**
     * Goes on with the regions of an earlier process, and has every change written down from now
     * on. Before anything is opened or attached.
     *
     * @throws IllegalStateException if there are too many with those that were settled
     */
    public synchronized void resume(RegionRecord newRecord) {
        Set<String> present = new TreeSet<>(byName.keySet());
        present.remove(DEFAULT_NAME);
        byName.clear();
        regions = 0;
        live = new AtomicLongArray(WORDS_FIRST);
        for (RegionRecord.Entry entry : newRecord.entries()) {
            add(entry.name(), entry.space());
            spaceLast = Math.max(spaceLast, entry.space());
        }
        record = newRecord;
        if (regions == 0) {
            spaceLast = SPACE_FIRST;
            add(DEFAULT_NAME, SPACE_FIRST);
        }
        for (String name : present) {
            if (!byName.containsKey(name)) {
                if (regions == REGIONS_MAX || spaceLast == SPACE_MAX) {
                    throw new IllegalStateException("regions: no room for " + name);
                }
                add(name, ++spaceLast);
            }
        }
    }

    /** Has the regions' settings and accounts kept by a store, before anything is in it. */
    public synchronized void attach(Spaces newSpaces) {
        spaces = newSpaces;
        for (int id = 0; id < regions; id++) {
            Region region = requireNonNull(byId.get(id));
            newSpaces.define(region.space, region.settings.items());
        }
    }

    /**
     * Sets who is told the spaces of regions: of those there are at once, and of each that a clear
     * brings.
     *
     * <p>Locking: this table's monitor, also for the listener.
     */
    public synchronized void onDefined(SpaceListener listener) {
        onDefined = listener;
        for (int id = 0; id < regions; id++) {
            listener.defined(id, requireNonNull(byId.get(id)).space);
        }
    }

    /** Whether a region may have this name: letters a to z, digits and {@code . _ -}. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The id of the region of this name, or {@link #NONE}. */
    public int find(String name) {
        Region region = byName.get(name);
        return region == null ? NONE : region.id;
    }

    /**
     * The id of the region of this name, which is created if it is not there.
     *
     * <p>Locking: this table's monitor, if it is not there.
     *
     * @throws IllegalArgumentException if {@link #isName} refuses it
     * @throws RegionLimitException if there is room for no more
     */
    public int open(String name) throws RegionLimitException {
        int present = find(name);
        if (present != NONE) {
            return present;
        }
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "region: " + name + " (expected: " + NAME.pattern() + ")");
        }
        synchronized (this) {
            Region region = byName.get(name);
            if (region != null) {
                return region.id;
            }
            if (regions == REGIONS_MAX) {
                throw new RegionLimitException("regions", REGIONS_MAX + 1L, REGIONS_MAX);
            }
            return add(name, nextSpace());
        }
    }

    private int add(String name, int space) {
        assert Thread.holdsLock(this);
        record.put(regions, name, space);
        setLive(space, true);
        RegionSettings own = settings.getOrDefault(name, RegionSettings.DEFAULT);
        Region region = new Region(regions++, name, own, space);
        if (spaces != null) {
            spaces.define(space, own.items());
        }
        byId.set(region.id, region);
        byName.put(name, region);
        return region.id;
    }

    private int nextSpace() throws RegionLimitException {
        assert Thread.holdsLock(this);
        if (spaceLast == SPACE_MAX) {
            throw new RegionLimitException("spaces", SPACE_MAX + 1L, SPACE_MAX);
        }
        return ++spaceLast;
    }

    private @Nullable Region region(int id) {
        return id < 0 || id >= REGIONS_MAX ? null : byId.get(id);
    }

    /** The present space of the region of this id, or {@link #NONE}. */
    public int space(int id) {
        Region region = region(id);
        return region == null ? NONE : region.space;
    }

    /** The last spaces that clears of a region, which is there, have left behind; latest first. */
    public synchronized List<Integer> formerSpaces(int id) {
        return List.copyOf(requireNonNull(region(id)).former);
    }

    /** The lifetime of the region's items that name none, in millis; 0 if they never expire. */
    public long defaultTtlMillis(int id) {
        Region region = region(id);
        return region == null ? 0 : region.settings.ttlMillis();
    }

    /** What was settled for the region of this id, which is there. */
    public RegionSettings settings(int id) {
        return requireNonNull(region(id)).settings;
    }

    /** The name of the region of this id, which is there. */
    public String name(int id) {
        return requireNonNull(region(id)).name;
    }

    /**
     * The name of the region whose present space this is, {@link #NO_NAME} if it is none's. Looked
     * for among all of them: for what people are shown.
     */
    public String nameOfSpace(int space) {
        int id = ofSpace(space);
        return id == NONE ? NO_NAME : name(id);
    }

    /** The id of the region whose present space this is, or {@link #NONE}; looked for among all. */
    public int ofSpace(int space) {
        if (isLive(space, 0)) {
            for (int id = 0; id < REGIONS_MAX; id++) {
                Region region = byId.get(id);
                if (region == null) {
                    break;
                }
                if (region.space == space) {
                    return id;
                }
            }
        }
        return NONE;
    }

    /** Counts a read in the region of this id, which is there. Locking: none. */
    public void countRead(int id, boolean isHit) {
        Region region = requireNonNull(region(id));
        (isHit ? region.hits : region.misses).increment();
    }

    /** The figures of the region of this name; null if it is not there. */
    public synchronized @Nullable RegionStats stats(String name) {
        Region region = byName.get(name);
        return region == null ? null : stats(region);
    }

    /** The figures of the region of this id, which is there. */
    public synchronized RegionStats stats(int id) {
        return stats(requireNonNull(region(id)));
    }

    private RegionStats stats(Region region) {
        SpaceStats space = spaces == null ? SpaceStats.NONE : spaces.stats(region.space);
        return new RegionStats(
                region.name,
                region.settings,
                space.items(),
                space.bytes(),
                region.hits.sum(),
                region.misses.sum(),
                region.writesBefore + space.writes(),
                region.evictionsBefore + space.evictions());
    }

    /** The names of all regions, by id. */
    public synchronized List<String> names() {
        List<String> names = new ArrayList<>(regions);
        for (int id = 0; id < regions; id++) {
            names.add(requireNonNull(byId.get(id)).name);
        }
        return names;
    }

    /**
     * Empties a region, in constant time; its new space. The region is there.
     *
     * <p>Locking: this table's monitor; the listeners are called without it.
     *
     * @throws IllegalArgumentException if there is no such region
     * @throws RegionLimitException if there are no more spaces; nothing has been cleared
     */
    public int clear(int id) throws RegionLimitException {
        int retired;
        int space;
        synchronized (this) {
            Region region = region(id);
            if (region == null) {
                throw new IllegalArgumentException(
                        "regionId: " + id + " (expected: one that was opened)");
            }
            retired = region.space;
            space = replaceSpace(region);
        }
        onCleared.accept(id);
        for (IntConsumer listener : onRetired) {
            listener.accept(retired);
        }
        return space;
    }

    /** Has another one told each space that a clear has left behind, as the constructor's is. */
    public void onRetired(IntConsumer listener) {
        onRetired.add(listener);
    }

    /**
     * Empties all regions, one after the other.
     *
     * @throws RegionLimitException if there are no more spaces; the first regions may be cleared
     */
    public void clearAll() throws RegionLimitException {
        int count;
        synchronized (this) {
            count = regions;
        }
        for (int id = 0; id < count; id++) {
            clear(id);
        }
    }

    private int replaceSpace(Region region) throws RegionLimitException {
        assert Thread.holdsLock(this);
        int retired = region.space;
        int space = nextSpace();
        record.put(region.id, region.name, space);
        setLive(space, true);
        if (spaces != null) {
            spaces.define(space, region.settings.items());
        }
        onDefined.defined(region.id, space);
        region.space = space;
        region.former.addFirst(retired);
        if (region.former.size() > FORMER_SPACES_MAX) {
            region.former.removeLast();
        }
        setLive(retired, false);
        if (spaces != null) {
            SpaceStats before = spaces.forget(retired);
            region.writesBefore += before.writes();
            region.evictionsBefore += before.evictions();
        }
        return space;
    }

    private void setLive(int space, boolean isLive) {
        assert Thread.holdsLock(this);
        int word = space >>> 6;
        if (word >= live.length()) {
            live = grown(live);
        }
        long bit = 1L << (space & 63);
        long before = live.get(word);
        live.set(word, isLive ? before | bit : before & ~bit);
    }

    private static AtomicLongArray grown(AtomicLongArray words) {
        AtomicLongArray grown = new AtomicLongArray(2 * words.length());
        for (int word = 0; word < words.length(); word++) {
            grown.setPlain(word, words.get(word));
        }
        return grown;
    }

    @Override
    public boolean isLive(int space, long version) {
        AtomicLongArray words = live;
        int word = space >>> 6;
        return word < words.length() && (words.get(word) & 1L << (space & 63)) != 0;
    }
}
