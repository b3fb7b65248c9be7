package io.larder.server.compat;

import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.Frontend;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Several protocols on one listener, the data listener: a connection speaks the one that its first
 * byte belongs to. Any thread may call anything; a connection's handlers run on its event loop.
 *
 * <p>Bounds: all connections are counted where Larder's own are, and held to that limit; those of
 * another protocol are counted, and bounded, with those of its own listener, too.
 */
public final class SharedFrontend implements Frontend {
    private static final int MEMCACHED_BINARY = 0x80;

    private final BinaryFrontend data;
    private final @Nullable CompatFrontend memcached;
    private final @Nullable CompatFrontend resp;

    /**
     * @param memcached null if it is not spoken here
     * @param resp null if it is not spoken here
     */
    public SharedFrontend(
            BinaryFrontend data,
            @Nullable CompatFrontend memcached,
            @Nullable CompatFrontend resp) {
        this.data = data;
        this.memcached = memcached;
        this.resp = resp;
    }

    @Override
    public String name() {
        return data.name();
    }

    @Override
    public void initialize(Channel channel) {
        if (data.admit(channel)) {
            channel.pipeline().addLast(new FirstByte(this));
        }
    }

    /*
     *   0x2A '*'           an array of RESP
     *   0x80               memcached's binary protocol
     *   other than ASCII   a frame of Larder, or nothing that is known: its decoder says so
     *   ASCII              a line of memcached's text protocol; one of RESP if that is not spoken
     *
     * A line could be either's. memcached's clients send nothing else, RESP's are people.
     */
    void speak(Channel channel, int firstByte) {
        CompatFrontend other;
        if (firstByte == '*' && resp != null) {
            other = resp;
        } else if (firstByte <= MEMCACHED_BINARY && memcached != null) {
            other = memcached;
        } else {
            other = firstByte < MEMCACHED_BINARY ? resp : null;
        }
        if (other == null) {
            data.speak(channel);
        } else {
            other.initialize(channel);
        }
    }

    /** Milliseconds after which a connection that has said nothing is closed; 0 for never. */
    long silenceMillisMax() {
        CompatFrontend other = memcached == null ? resp : memcached;
        return other == null ? 0 : other.silenceMillisMax();
    }
}
