package io.larder.server.compat.memcached;

import io.larder.server.compat.Conversation;
import io.larder.server.compat.Peer;
import io.larder.server.compat.memcached.Counts.Count;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Talk in whichever of memcached's protocols the first byte tells. One event loop. */
final class MemcachedConversation implements Conversation {
    private final Memcached memcached;
    private final Peer peer;
    private final Connections.Open connection;
    private @Nullable Conversation spoken;

    MemcachedConversation(Memcached memcached, Peer peer) {
        this.memcached = memcached;
        this.peer = peer;
        this.connection = memcached.connections.open(peer);
    }

    @Override
    public Stop carryOut(ByteBuf in, ByteBuf out) {
        Conversation present = spoken;
        if (present == null) {
            if (!in.isReadable()) {
                return Stop.NEEDS_INPUT;
            }
            present =
                    in.getUnsignedByte(in.readerIndex()) == BinaryRequest.MAGIC
                            ? new BinaryConversation(memcached, peer)
                            : new TextConversation(memcached, peer);
            spoken = present;
        }
        int inBefore = in.readerIndex();
        int outBefore = out.writerIndex();
        Stop stop = present.carryOut(in, out);
        connection.isAsking();
        memcached.counts.add(Count.BYTES_READ, in.readerIndex() - inBefore);
        memcached.counts.add(Count.BYTES_WRITTEN, out.writerIndex() - outBefore);
        return stop;
    }

    @Override
    public void release() {
        memcached.connections.close(connection);
        if (spoken != null) {
            spoken.release();
        }
    }
}
