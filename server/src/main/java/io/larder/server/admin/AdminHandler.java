package io.larder.server.admin;

import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;

/** Answers the lines of one connection, in their order, one answer each. */
final class AdminHandler extends SimpleChannelInboundHandler<AdminLine> {
    private final AdminCommandTable commands;
    private final UncaughtErrors errors;
    private boolean closing;

    AdminHandler(AdminCommandTable commands, UncaughtErrors errors) {
        this.commands = commands;
        this.errors = errors;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, AdminLine line) {
        if (closing) {
            return;
        }
        ByteBuf out = context.alloc().buffer();
        AdminReply reply = new AdminReply(out);
        if (line.isTooLong()) {
            reply.error(
                    "line-too-long",
                    line.lengthBytes()
                            + " bytes (expected: at most "
                            + AdminLineDecoder.LINE_BYTES_MAX
                            + ")");
        } else if (hasControlCharacter(line.bytes())) {
            reply.error(
                    "control-character",
                    "in the line (expected: text; in a quoted word, escapes as \\n or \\x01)");
        } else {
            commands.run(line.bytes(), reply);
        }
        var unused = context.write(out); // if it fails, the connection is gone
        if (reply.isClosing()) {
            close(context);
        }
    }

    private static boolean hasControlCharacter(byte[] line) {
        for (byte character : line) {
            if (character != '\t' && Character.isISOControl(character & 0xFF) && character >= 0) {
                return true;
            }
        }
        return false;
    }

    private void close(ChannelHandlerContext context) {
        closing = true;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ConnectionGate.DRAIN || event instanceof IdleStateEvent) {
            close(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) { // those are the other side's doing
            errors.record(cause);
        }
        var unused = context.close();
    }
}
