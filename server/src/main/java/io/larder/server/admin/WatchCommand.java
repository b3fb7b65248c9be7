package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.accesslog.Event;
import io.larder.server.accesslog.EventListener;
import io.larder.server.accesslog.EventType;
import io.larder.server.region.RegionTable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends what happens, a line an event, until the client sends another line. Events of keys may come
 * in another order than they happened in; their versions tell.
 */
public final class WatchCommand implements AdminCommand {
    private static final int SAMPLE_MAX = 1_000_000;
    private static final Pattern SAMPLE = Pattern.compile("sample=1/([0-9]{1,7})");

    /** What users were let in, refused and allowed, which operators alone are shown. */
    static final String AUDIT = "audit";

    /** The option that names a region; without it all are meant. */
    static final String REGION = "region=";

    /** The option that says what keys begin with. */
    static final String PREFIX = "prefix=";

    private static final String FORMS =
            "region=NAME, prefix=TEXT, sample=1/N with N in 1.." + SAMPLE_MAX;

    /** What has no key of an item, but a connection or a request. */
    private static final Set<String> NOT_ABOUT_KEYS = Set.of("conn", "slow", AUDIT);

    private static final Map<String, Set<EventType>> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("fetch", EnumSet.of(EventType.HIT, EventType.MISS));
        KINDS.put("mutation", EnumSet.of(EventType.STORED, EventType.OVERWRITTEN));
        KINDS.put("evict", EnumSet.of(EventType.EVICTED, EventType.CHAIN));
        KINDS.put("expire", EnumSet.of(EventType.EXPIRED));
        KINDS.put("delete", EnumSet.of(EventType.DELETED, EventType.CLEARED));
        KINDS.put("lease", EnumSet.of(EventType.LEASE_GRANTED, EventType.LEASE_ENDED));
        KINDS.put("conn", EnumSet.of(EventType.CONNECTION_OPENED, EventType.CONNECTION_CLOSED));
        KINDS.put("slow", EnumSet.of(EventType.SLOW));
        KINDS.put(AUDIT, EventType.AUDIT);
    }

    /** Where events come from. Any thread may call it. */
    public interface Source {
        /** Has a listener told of what happens from now on, of reads too if it wants them. */
        void watch(EventListener listener, boolean withReads);

        /** Ends that. */
        void unwatch(EventListener listener, boolean withReads);
    }

    private final Source source;
    private final IntFunction<String> regionOfSpace;

    WatchCommand(Source source, IntFunction<String> regionOfSpace) {
        this.source = source;
        this.regionOfSpace = regionOfSpace;
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public String usage() {
        return "WHAT [OPTION] [OPTION] [OPTION]";
    }

    @Override
    public String summary() {
        return "sends "
                + String.join("|", KINDS.keySet())
                + " events as they happen, until another line comes; options: "
                + FORMS;
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String what = new String(arguments.get(0), UTF_8);
        Set<EventType> types = KINDS.get(what);
        if (types == null) {
            reply.error(
                    "unknown-event",
                    what + " (expected: " + String.join(", ", KINDS.keySet()) + ")");
            return;
        }
        Filter filter = new Filter(types, regionOfSpace);
        for (byte[] option : arguments.subList(1, arguments.size())) {
            if (!filter.take(option)) {
                reply.error("bad-option", new String(option, UTF_8) + " (expected: " + FORMS + ")");
                return;
            }
        }
        boolean withReads = what.equals("fetch");
        EventWatch watch =
                new EventWatch(
                        reply, filter, regionOfSpace, ended -> source.unwatch(ended, withReads));
        reply.stream(watch.stream());
        source.watch(watch, withReads);
    }

    /** Whether these are events of items, which have a key in a region. */
    static boolean isAboutKeys(String what) {
        return KINDS.containsKey(what) && !NOT_ABOUT_KEYS.contains(what);
    }

    /** What follows the name of an option, where it is given last; null if it is not. */
    static @Nullable String option(List<byte[]> arguments, String name) {
        String found = null;
        for (byte[] argument : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
            String text = new String(argument, UTF_8);
            found = text.startsWith(name) ? text.substring(name.length()) : found;
        }
        return found;
    }

    /** Which events are wanted; tested on the log's draining thread. */
    private static final class Filter implements Predicate<Event> {
        private final Set<EventType> types;
        private final IntFunction<String> regionOfSpace;
        private String region = ""; // all
        private byte[] prefix = new byte[0];
        private long oneOf = 1;
        private long seen;

        Filter(Set<EventType> types, IntFunction<String> regionOfSpace) {
            this.types = types;
            this.regionOfSpace = regionOfSpace;
        }

        boolean take(byte[] option) {
            String text = new String(option, UTF_8);
            if (text.startsWith(PREFIX)) {
                prefix = text.substring(PREFIX.length()).getBytes(UTF_8);
                return true;
            }
            if (text.startsWith(REGION)) {
                region = text.substring(REGION.length());
                return !region.isEmpty() && !region.equals(RegionTable.NO_NAME);
            }
            Matcher sample = SAMPLE.matcher(text);
            if (!sample.matches()) {
                return false;
            }
            oneOf = Long.parseLong(sample.group(1));
            return oneOf >= 1 && oneOf <= SAMPLE_MAX;
        }

        @Override
        public boolean test(Event event) {
            return types.contains(event.type())
                    && event.key().startsWith(prefix)
                    && isInRegion(event)
                    && seen++ % oneOf == 0;
        }

        private boolean isInRegion(Event event) {
            return region.isEmpty() || region.equals(regionOfSpace.apply(event.space()));
        }
    }
}
