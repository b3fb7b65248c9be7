package io.larder.server.compat.resp;

import io.larder.server.compat.Peer;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** One connection as others see it in {@code CLIENT LIST}. Any thread. */
final class Client {
    /** The user that whoever has not said a name is. */
    static final String NOBODY = "default";

    final long id;
    final Peer peer;
    final String address;
    final String localAddress;
    private final long openedNanos = System.nanoTime();
    volatile String name = "";
    volatile int protocol = 2;
    private volatile String lastCommand = "NULL"; // written by its event loop
    private volatile String user = ""; // written by its event loop
    private final Consumer<ByteBuf> listener;

    /**
     * @param listener to what it is told of others' tracking, on its event loop
     */
    Client(long id, Peer peer, Consumer<ByteBuf> listener) {
        this.id = id;
        this.peer = peer;
        this.listener = listener;
        this.address = peer.remoteAddress();
        this.localAddress = peer.localAddress();
    }

    /** Tells it of changes, as Larder's frames. On its event loop. */
    void told(ByteBuf frames) {
        listener.accept(frames);
    }

    void noteCommand(String command) {
        String present = peer.caller().user();
        if (!user.equals(present)) {
            user = present;
        }
        if (!lastCommand.equals(command)) {
            lastCommand = command;
        }
    }

    /** The user's name, or what clients of servers without users are called. */
    String user() {
        return user.isEmpty() ? NOBODY : user;
    }

    /** A line of {@code CLIENT LIST}. */
    String describe() {
        long ageSeconds = (System.nanoTime() - openedNanos) / 1_000_000_000L;
        return "id="
                + id
                + " addr="
                + address
                + " laddr="
                + localAddress
                + " name="
                + name
                + " age="
                + ageSeconds
                + " flags=N db=0 cmd="
                + lastCommand
                + " user="
                + user()
                + " resp="
                + protocol;
    }
}
