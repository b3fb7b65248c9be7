package io.larder.server.admin;

/**
 * The connection that an answer goes to, for one that takes its time. Belongs to the connection's
 * event loop, but {@link #execute} is for any thread.
 */
public interface AdminConnection {
    /** Has the event loop do something when it has served others. */
    void execute(Runnable step);

    /** The same after a while, also if the connection is gone by then. */
    void schedule(Runnable step, long delayMillis);

    /** The answer is whole. */
    void ended(AdminReply reply);

    /** Whether the client takes what it is sent. */
    boolean isWritable();

    /** Sends lines of an answer that has not ended. */
    void send(CharSequence lines);
}
