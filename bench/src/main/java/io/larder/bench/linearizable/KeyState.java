package io.larder.bench.linearizable;

import org.jspecify.annotations.Nullable;

/**
 * What one key may hold between two operations, and what each operation makes of it: the model that
 * answers are held to. Nothing expires. Immutable.
 *
 * @param isPresent whether there is an item
 * @param value the item's; 0 if absent
 * @param version the item's, or one that its version is above, or that of the next item will be
 * @param isVersionKnown whether it is the item's
 * @param lease the token under which a fill would be stored; {@link #NO_LEASE} if there is none
 */
/*
 * Versions of one key only grow, also over deletes. A write without an answer has a version that
 * nobody has been told: it is above the last one, and known as soon as somebody reads it.
 *
 * A fill is stored only if nothing has changed the key since its lease was granted. The converse is
 * not demanded: a lease may end for reasons outside of this model, as the end of a connection, and a
 * fill refused is never wrong.
 */
record KeyState(boolean isPresent, long value, long version, boolean isVersionKnown, long lease) {
    static final long NO_LEASE = 0;

    /** Of a key that nobody has written. */
    static final KeyState ABSENT = new KeyState(false, 0, 0, false, NO_LEASE);

    /**
     * The state after an operation; null if it cannot have been answered so here, or if it has no
     * answer and would change nothing that could be seen.
     */
    @Nullable KeyState after(Operation operation) {
        return switch (operation.answer()) {
            case OK -> afterDone(operation);
            case MISS -> afterMiss(operation);
            case EXISTS -> isPresent ? this : null;
            case MISMATCH ->
                    operation.version() == operation.expected()
                            ? null
                            : withVersion(operation.version());
            case LEASE_YOURS -> isPresent ? null : withLease(operation.version());
            case LEASE_OTHER -> isPresent ? null : this;
            case NOT_STORED -> this;
            case UNKNOWN -> afterUnknown(operation);
        };
    }

    /** True if the operation can follow neither here nor later: it is of a version gone by. */
    boolean isPast(Operation operation) {
        return switch (operation.answer()) {
            case OK ->
                    switch (operation.action()) {
                        case SET, ADD, COMPARE_AND_SET, FILL, INCREMENT, COUNT ->
                                operation.version() <= version;
                        case GET, LEASE, TOUCH -> operation.version() < version;
                        case RELEASE, DELETE -> false;
                    };
            case MISMATCH -> operation.version() < version;
            default -> false;
        };
    }

    /** After the item has been evicted; this if there is none. */
    KeyState evicted() {
        return isPresent ? deleted() : this;
    }

    private @Nullable KeyState afterDone(Operation operation) {
        return switch (operation.action()) {
            case GET, LEASE -> value == operation.value() ? withVersion(operation.version()) : null;
            case SET -> written(operation.argument(), operation.version());
            case ADD -> isPresent ? null : written(operation.argument(), operation.version());
            case COMPARE_AND_SET -> {
                KeyState expected = withVersion(operation.expected());
                yield expected == null
                        ? null
                        : expected.written(operation.argument(), operation.version());
            }
            case FILL ->
                    lease == operation.expected()
                            ? written(operation.argument(), operation.version())
                            : null;
            case RELEASE -> lease == operation.expected() ? withLease(NO_LEASE) : this;
            case INCREMENT -> isPresent ? incremented(operation) : null;
            case COUNT -> incremented(operation);
            case DELETE -> isPresent ? deleted() : null;
            case TOUCH -> withVersion(operation.version());
        };
    }

    private @Nullable KeyState incremented(Operation operation) {
        return value + operation.argument() == operation.value()
                ? written(operation.value(), operation.version())
                : null;
    }

    /** A DELETE that finds nothing ends a lease all the same. */
    private @Nullable KeyState afterMiss(Operation operation) {
        return switch (operation.action()) {
            case RELEASE -> this;
            case DELETE -> isPresent ? null : withLease(NO_LEASE);
            case GET, LEASE, COMPARE_AND_SET, INCREMENT, TOUCH -> isPresent ? null : this;
            case SET, ADD, FILL, COUNT -> null;
        };
    }

    private @Nullable KeyState afterUnknown(Operation operation) {
        return switch (operation.action()) {
            case SET -> writtenUnseen(operation.argument());
            case ADD -> isPresent ? null : writtenUnseen(operation.argument());
            case COMPARE_AND_SET -> {
                KeyState expected = withVersion(operation.expected());
                yield expected == null ? null : expected.writtenUnseen(operation.argument());
            }
            case FILL -> lease == operation.expected() ? writtenUnseen(operation.argument()) : null;
            case INCREMENT -> isPresent ? writtenUnseen(value + operation.argument()) : null;
            case COUNT -> writtenUnseen(value + operation.argument());
            case DELETE -> isPresent ? deleted() : null;
            case GET, LEASE, RELEASE, TOUCH -> null;
        };
    }

    /** The item, now known to have this version; null if there is none that could have it. */
    private @Nullable KeyState withVersion(long seen) {
        if (!isPresent || (isVersionKnown ? seen != version : seen <= version)) {
            return null;
        }
        return isVersionKnown ? this : new KeyState(true, value, seen, true, lease);
    }

    private @Nullable KeyState written(long newValue, long newVersion) {
        return newVersion > version
                ? new KeyState(true, newValue, newVersion, true, NO_LEASE)
                : null;
    }

    private KeyState writtenUnseen(long newValue) {
        return new KeyState(true, newValue, version, false, NO_LEASE);
    }

    private KeyState deleted() {
        return new KeyState(false, 0, version, false, NO_LEASE);
    }

    private KeyState withLease(long token) {
        return token == lease
                ? this
                : new KeyState(isPresent, value, version, isVersionKnown, token);
    }

    /** For people. */
    String describe() {
        String item = "absent, last version " + version;
        if (isPresent) {
            item = "value " + value + ", version " + (isVersionKnown ? "" : "above ") + version;
        }
        return lease == NO_LEASE ? item : item + ", leased under " + lease;
    }
}
