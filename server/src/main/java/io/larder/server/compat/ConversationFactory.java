package io.larder.server.compat;

/** A protocol that connections may speak. Any thread may call it. */
public interface ConversationFactory {
    /** What a client that is not let in is told, in the protocol's words. */
    byte[] refusal(String reason);

    /** Begins a conversation; on the connection's event loop, which it belongs to from then on. */
    Conversation open(Peer peer);
}
