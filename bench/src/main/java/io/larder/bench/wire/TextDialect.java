package io.larder.bench.wire;

import io.larder.bench.BenchException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A protocol of lines whose replies come in order: memcached's text protocol, or RESP. Immutable;
 * any thread.
 */
/*
 * All keys have one length and so have all values: whatever surrounds them is the same bytes each
 * time. Written as key K and value V, a get is `getHead K getTail`, a set `setHead K setMiddle V
 * setTail`, and a hit `hitHead [K] hitMiddle V hitTail`. A reply that begins as a hit does and then
 * differs ends the run: where the one behind it begins would be a guess.
 */
final class TextDialect implements Dialect {
    private static final int LINE_BYTES_MAX = 512;
    private static final String LINE_END = "\r\n";

    private final WireItems items;
    private final byte[] getHead;
    private final byte[] getTail;
    private final byte[] setHead;
    private final byte[] setMiddle;
    private final byte[] setTail;
    private final byte[] hitHead;
    private final boolean isHitKeyed;
    private final byte[] hitMiddle;
    private final byte[] hitTail;
    private final byte[] miss;
    private final byte[] stored;

    private TextDialect(WireItems items, Phrases phrases) {
        this.items = items;
        getHead = bytes(phrases.getHead);
        getTail = bytes(LINE_END);
        setHead = bytes(phrases.setHead);
        setMiddle = bytes(phrases.setMiddle);
        setTail = bytes(LINE_END);
        hitHead = bytes(phrases.hitHead);
        isHitKeyed = phrases.isHitKeyed;
        hitMiddle = bytes(phrases.hitMiddle);
        hitTail = bytes(phrases.hitTail);
        miss = bytes(phrases.miss);
        stored = bytes(phrases.stored);
    }

    /** What a protocol says around keys and values. */
    private record Phrases(
            String getHead,
            String setHead,
            String setMiddle,
            String hitHead,
            boolean isHitKeyed,
            String hitMiddle,
            String hitTail,
            String miss,
            String stored) {}

    /** memcached's. */
    static TextDialect memcached(WireItems items) {
        return new TextDialect(
                items,
                new Phrases(
                        "get ",
                        "set ",
                        " 0 0 " + items.valueBytes() + LINE_END,
                        "VALUE ",
                        true,
                        " 0 " + items.valueBytes() + LINE_END,
                        "\r\nEND\r\n",
                        "END\r\n",
                        "STORED\r\n"));
    }

    /** Redis's. */
    static TextDialect resp(WireItems items) {
        String keyLength = "$" + WireItems.KEY_BYTES + LINE_END;
        String valueLength = "$" + items.valueBytes() + LINE_END;
        return new TextDialect(
                items,
                new Phrases(
                        "*2\r\n$3\r\nGET\r\n" + keyLength,
                        "*3\r\n$3\r\nSET\r\n" + keyLength,
                        LINE_END + valueLength,
                        "",
                        false,
                        valueLength,
                        LINE_END,
                        "$-1\r\n",
                        "+OK\r\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int requestBytesMax() {
        return setHead.length
                + WireItems.KEY_BYTES
                + setMiddle.length
                + items.valueBytes()
                + setTail.length;
    }

    @Override
    public int replyBytesMax() {
        return Math.max(hitBytes(), LINE_BYTES_MAX);
    }

    private int hitBytes() {
        return valueOffset() + items.valueBytes() + hitTail.length;
    }

    private int valueOffset() {
        return hitHead.length + (isHitKeyed ? WireItems.KEY_BYTES : 0) + hitMiddle.length;
    }

    @Override
    public void writeGet(ByteBuf out, int requestId, int keyIndex) {
        out.writeBytes(getHead);
        items.writeKey(out, keyIndex);
        out.writeBytes(getTail);
    }

    @Override
    public void writeSet(ByteBuf out, int requestId, int keyIndex) {
        out.writeBytes(setHead);
        items.writeKey(out, keyIndex);
        out.writeBytes(setMiddle);
        items.writeValue(out, keyIndex);
        out.writeBytes(setTail);
    }

    @Override
    public int replyBytes(ByteBuf in) {
        int available = in.readableBytes();
        if (available < miss.length) {
            return INCOMPLETE;
        }
        if (isHit(in)) {
            return available < hitBytes() ? INCOMPLETE : hitBytes();
        }
        int end =
                in.indexOf(
                        in.readerIndex(),
                        in.readerIndex() + Math.min(available, LINE_BYTES_MAX),
                        (byte) '\n');
        if (end < 0 && available >= LINE_BYTES_MAX) {
            throw new BenchException(
                    "reply: a line of " + available + " bytes (expected: ..511 bytes)");
        }
        return end < 0 ? INCOMPLETE : end + 1 - in.readerIndex();
    }

    private boolean isHit(ByteBuf in) {
        byte first = isHitKeyed ? hitHead[0] : hitMiddle[0];
        return in.getByte(in.readerIndex()) == first && !isAt(in, 0, miss);
    }

    @Override
    public Answer answer(ByteBuf in, boolean isSet, int keyIndex) {
        if (isSet) {
            return isAt(in, 0, stored) ? Answer.RIGHT : Answer.WRONG;
        }
        if (isHit(in)) {
            requireFrame(in);
            return isOf(in, keyIndex) ? Answer.RIGHT : Answer.WRONG;
        }
        return isAt(in, 0, miss) ? Answer.MISS : Answer.WRONG;
    }

    private void requireFrame(ByteBuf in) {
        int middle = valueOffset() - hitMiddle.length;
        if (!isAt(in, 0, hitHead)
                || !isAt(in, middle, hitMiddle)
                || !isAt(in, hitBytes() - hitTail.length, hitTail)) {
            throw new BenchException(
                    "reply: "
                            + in.toString(
                                    in.readerIndex(), valueOffset(), StandardCharsets.US_ASCII)
                            + " (expected: a value of "
                            + items.valueBytes()
                            + " bytes)");
        }
    }

    private boolean isOf(ByteBuf in, int keyIndex) {
        int start = in.readerIndex();
        return (!isHitKeyed || items.isKeyOf(in, start + hitHead.length, keyIndex))
                && items.isValueOf(in, start + valueOffset(), keyIndex);
    }

    private static boolean isAt(ByteBuf in, int offset, byte[] expected) {
        int start = in.readerIndex() + offset;
        for (int i = 0; i < expected.length; i++) {
            if (in.getByte(start + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
