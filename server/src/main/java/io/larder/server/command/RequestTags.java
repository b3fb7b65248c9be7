package io.larder.server.command;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.lease.LeaseRequest;
import io.larder.server.memory.Slice;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A reader over the TAGS extension of the present request. One thread; allocates nothing. */
/*
 *   +----------+-------+----------+-------+----
 *   | length 8 | tag   | length 8 | tag   | ...
 *   +----------+-------+----------+-------+----
 */
final class RequestTags {
    private final Slice tag = new Slice();

    /** Whether there are not too many, each of an allowed length, and nothing behind them. */
    static boolean areSound(ByteBuf frame, int offset, int length) {
        int end = offset + length;
        int at = offset;
        int count = 0;
        while (at < end) {
            int bytes = frame.getUnsignedByte(at);
            at += 1 + bytes;
            count++;
            if (bytes == 0
                    || bytes > ProtocolLimits.TAG_BYTES_MAX
                    || count > ProtocolLimits.TAGS_MAX) {
                return false;
            }
        }
        return at == end;
    }

    /** Gives all of the request's tags to its mutation, whose key is wrapped. */
    void addTo(Mutation mutation, KeyHasher hasher, Request request) {
        int end = request.tagsOffset + request.tagsBytes;
        for (int at = request.tagsOffset; at < end; at += 1 + request.frame.getUnsignedByte(at)) {
            mutation.addTag(hash(hasher, mutation.key.space(), request.frame, at));
        }
    }

    /** Whether the request has one tag, no fewer and no more. */
    static boolean isOne(Request request) {
        return request.tagsBytes > 0
                && 1 + request.frame.getUnsignedByte(request.tagsOffset) == request.tagsBytes;
    }

    /** What stands for the request's only tag in {@code space}. */
    long only(KeyHasher hasher, int space, Request request) {
        return hash(hasher, space, request.frame, request.tagsOffset);
    }

    /** What stands for all of the request's tags in {@code space}; allocates if it has any. */
    long[] all(KeyHasher hasher, int space, Request request) {
        long[] tags = LeaseRequest.NO_TAGS;
        int end = request.tagsOffset + request.tagsBytes;
        for (int at = request.tagsOffset; at < end; at += 1 + request.frame.getUnsignedByte(at)) {
            tags = Arrays.copyOf(tags, tags.length + 1);
            tags[tags.length - 1] = hash(hasher, space, request.frame, at);
        }
        return tags;
    }

    private long hash(KeyHasher hasher, int space, ByteBuf frame, int at) {
        KeyAhead.wrap(tag, frame, at + 1, frame.getUnsignedByte(at));
        return hasher.tag(space, tag);
    }
}
