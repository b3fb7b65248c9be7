package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts what comes in into {@link AdminLine}s of at most {@link #LINE_BYTES_MAX} bytes, and closes a
 * connection on which somebody does not speak this language at all: NUL bytes, what is not UTF-8, a
 * binary protocol's first byte, HTTP. The last also defends an operator's browser against a page
 * that posts commands to this port: nothing behind such a line is looked at.
 *
 * <p>While answers wait to be taken, no further line is handed on and nothing is read.
 */
final class AdminLineDecoder extends ByteToMessageDecoder {
    static final int LINE_BYTES_MAX = 4096;

    private static final int TLS_HANDSHAKE = 0x16;
    private static final Pattern HTTP =
            Pattern.compile(
                    "((GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PRI)( .*)?|Host:.*)");

    /** Bytes of a line's beginning that tell HTTP. */
    private static final int HTTP_WORD_BYTES_MAX = 16;

    private long droppedBytes; // of the line being dropped; 0 if none is
    private boolean begun;
    private boolean foreign;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!foreign && !begun) {
            begun = true;
            int first = in.getByte(in.readerIndex());
            foreign = first < 0 || first == TLS_HANDSHAKE;
        }
        if (!foreign && context.channel().isWritable()) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            int end = lineFeed < 0 ? in.writerIndex() : lineFeed;
            boolean whole = lineFeed >= 0;
            boolean tooLong = end - in.readerIndex() > LINE_BYTES_MAX + 1;
            foreign =
                    in.indexOf(in.readerIndex(), end, (byte) 0) >= 0
                            || ((whole || tooLong) && droppedBytes == 0 && isHttp(in, end));
            if (whole && !foreign) {
                endLine(in, lineFeed, out);
            } else if (tooLong) {
                droppedBytes += in.readableBytes();
                in.skipBytes(in.readableBytes());
            }
        }
        if (foreign) {
            in.skipBytes(in.readableBytes());
            var unused = context.close();
        }
    }

    private void endLine(ByteBuf in, int lineFeed, List<Object> out) {
        int length = lineFeed - in.readerIndex();
        if (droppedBytes + length > LINE_BYTES_MAX + 1L) {
            out.add(AdminLine.tooLong(droppedBytes + length));
            droppedBytes = 0;
            in.skipBytes(length + 1);
            return;
        }
        if (length > 0 && in.getByte(lineFeed - 1) == '\r') {
            length--;
        }
        byte[] line = ByteBufUtil.getBytes(in, in.readerIndex(), length);
        in.readerIndex(lineFeed + 1);
        foreign = !isUtf8(line);
        if (!foreign) {
            out.add(length > LINE_BYTES_MAX ? AdminLine.tooLong(length) : AdminLine.of(line));
        }
    }

    private static boolean isUtf8(byte[] line) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether the bytes from the reader index to {@code end} begin, or are, a line of HTTP. */
    private static boolean isHttp(ByteBuf in, int end) {
        int length = Math.min(HTTP_WORD_BYTES_MAX, end - in.readerIndex());
        return HTTP.matcher(in.toString(in.readerIndex(), length, UTF_8).strip()).matches();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        boolean writable = context.channel().isWritable();
        context.channel().config().setAutoRead(writable);
        if (writable) {
            // not here and now: this may be inside a read's own flush
            context.executor().execute(() -> goOn(context));
        }
        super.channelWritabilityChanged(context);
    }

    private void goOn(ChannelHandlerContext context) {
        if (context.isRemoved() || !context.channel().isWritable()) {
            return; // in the latter case it will be called again
        }
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            channelReadComplete(context);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }
}
