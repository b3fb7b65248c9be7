package io.larder.server.command;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;

/**
 * A flyweight over one request frame: its header's fields, where its sections lie, and what its
 * extensions say. Valid while the frame is. One thread.
 */
final class Request {
    private final Extensions extensions = new Extensions();

    ByteBuf frame = Unpooled.EMPTY_BUFFER;
    int offset;
    int opcode;
    int flags;
    int requestId;
    int regionId;
    int extensionBytes;
    int keyOffset;
    int keyBytes;
    int valueOffset;
    int valueBytes;

    // What the extensions say, or else their defaults ...
    long version;
    long callerVersion;
    int clientFlags;
    int format;
    long delta;
    long leaseToken;

    // ... but these mean something only if has() says that they were given.
    long ttlMillis;
    long expireAtUnixMillis;
    long initial;
    int tagsOffset;
    int tagsBytes;
    long valueLength;
    long softTtlMillis;
    int leaseMillis;
    int waitMillis;

    private final EnumSet<ExtensionType> present = EnumSet.noneOf(ExtensionType.class);
    private int faultyExtension;

    /** Reads the header of the whole frame at {@code newOffset}. */
    void wrap(ByteBuf newFrame, int newOffset) {
        frame = newFrame;
        offset = newOffset;
        opcode = FrameHeader.opcode(frame, offset);
        flags = FrameHeader.flags(frame, offset);
        requestId = FrameHeader.requestId(frame, offset);
        regionId = FrameHeader.regionId(frame, offset);
        extensionBytes = FrameHeader.extensionBytes(frame, offset);
        keyBytes = FrameHeader.keyBytes(frame, offset);
        keyOffset = FrameHeader.extensionOffset(offset) + extensionBytes;
        valueOffset = keyOffset + keyBytes;
        valueBytes = (int) FrameHeader.bodyBytes(frame, offset) - extensionBytes - keyBytes;
        present.clear();
        version = 0;
        callerVersion = 0;
        clientFlags = 0;
        format = 0;
        delta = 1;
        tagsBytes = 0;
        leaseToken = 0;
    }

    /**
     * Reads the extensions. END if all is well; else what is wrong with {@link #faultyExtension}.
     */
    Extensions.Step readExtensions() {
        if (extensionBytes == 0) {
            return Extensions.Step.END;
        }
        extensions.wrap(frame, FrameHeader.extensionOffset(offset), extensionBytes);
        Extensions.Step step;
        while ((step = extensions.next()) == Extensions.Step.ENTRY) {
            ExtensionType type = extensions.type();
            if (type.isReserved()) {
                step = Extensions.Step.UNKNOWN_CRITICAL;
                break;
            }
            take(type);
            if (type == ExtensionType.CHECKSUM && !isFirst()) {
                step = Extensions.Step.MALFORMED;
                break;
            }
            if (type == ExtensionType.TAGS && !RequestTags.areSound(frame, tagsOffset, tagsBytes)) {
                step = Extensions.Step.MALFORMED;
                break;
            }
        }
        faultyExtension = extensions.code();
        return step;
    }

    private boolean isFirst() {
        int first = FrameHeader.extensionOffset(offset) + ExtensionType.PREFIX_BYTES;
        return extensions.valueOffset() == first;
    }

    private void take(ExtensionType type) {
        present.add(type);
        switch (type) {
            case VERSION -> version = extensions.longValue();
            case TTL -> ttlMillis = extensions.longValue();
            case EXPIRE_AT -> expireAtUnixMillis = extensions.longValue();
            case CALLER_VERSION -> callerVersion = extensions.longValue();
            case CLIENT_FLAGS -> clientFlags = extensions.intValue();
            case FORMAT -> format = extensions.byteValue();
            case DELTA -> delta = extensions.longValue();
            case INITIAL -> initial = extensions.longValue();
            case TAGS -> {
                tagsOffset = extensions.valueOffset();
                tagsBytes = extensions.valueLength();
            }
            case VALUE_LENGTH -> valueLength = extensions.longValue();
            case SOFT_TTL -> softTtlMillis = extensions.longValue();
            case LEASE_TOKEN -> leaseToken = extensions.longValue();
            case LEASE_MILLIS -> leaseMillis = extensions.intValue();
            case WAIT_MILLIS -> waitMillis = extensions.intValue();
            default -> {
                // means nothing in a request, and may be ignored
            }
        }
    }

    /** The number of the extension that is unknown or malformed. */
    int faultyExtension() {
        return faultyExtension;
    }

    /** Whether an extension was given. */
    boolean has(ExtensionType type) {
        return present.contains(type);
    }

    /** Whether a bit of {@link io.larder.protocol.RequestFlag} is set. */
    boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }
}
