package io.larder.server.compat;

/** A protocol that connections may speak. Any thread may call it. */
@FunctionalInterface
public interface ConversationFactory {
    /** Begins a conversation; on the connection's event loop, which it belongs to from then on. */
    Conversation open(Peer peer);
}
