package io.larder.server.compat.resp;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.ConversationFactory;
import io.larder.server.compat.Peer;

/** RESP over one server's services: what all connections share. Any thread. */
public final class Resp implements ConversationFactory {
    /** The version told where clients want to know what they may ask: that of Redis. */
    static final String VERSION = "7.0.15";

    final CommandServices services;
    final Settings settings;
    final Clients clients = new Clients();
    final CommandTable commands = new CommandTable();
    final Pause pause = new Pause();
    private final ThreadLocal<Bench> benches;

    /** The protocol for items of these services' store, without settings. */
    public Resp(CommandServices services) {
        this(services, Settings.NONE);
    }

    /** The protocol for items of these services' store. */
    public Resp(CommandServices services, Settings settings) {
        this.services = services;
        this.settings = settings;
        this.benches = ThreadLocal.withInitial(() -> new Bench(services));
    }

    @Override
    public byte[] refusal(String reason) {
        return Ascii.bytes("-ERR max number of clients reached: " + reason + "\r\n");
    }

    @Override
    public Conversation open(Peer peer) {
        return new RespConversation(this, benches.get(), peer);
    }
}
