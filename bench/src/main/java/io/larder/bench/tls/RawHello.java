package io.larder.bench.tls;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first message of a client that speaks what no library does any more, and what a server
 * answers. It offers one version, and its ciphers by their numbers. For one thread.
 *
 * <p>The formats are RFC 5246's and RFC 8446's, the numbers the TLS registry's of IANA.
 */
final class RawHello {
    static final int SSL_3 = 0x0300;
    static final int TLS_1_0 = 0x0301;
    static final int TLS_1_1 = 0x0302;
    static final int TLS_1_2 = 0x0303;

    private static final int PATIENCE_MILLIS = 15_000;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int RECORD_BYTES_MAX = 1 << 14;

    /** With forward secrecy, and an authenticated cipher. */
    private static final List<Integer> STRONG =
            List.of(0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9);

    private RawHello() {}

    /**
     * What a server answers.
     *
     * @param isTaken whether with a hello of its own
     * @param text for people
     */
    record Answer(boolean isTaken, String text) {}

    /** The ciphers that a server may take from a client of TLS 1.2. */
    static List<Integer> strong() {
        return STRONG;
    }

    /** All others: without encryption, without authentication, static keys, CBC, RC4, export. */
    static List<Integer> weak() {
        List<Integer> numbers = new ArrayList<>();
        addRange(numbers, 0x0000, 0x00C7);
        addRange(numbers, 0xC001, 0xC0AB);
        numbers.removeAll(STRONG);
        return numbers;
    }

    private static void addRange(List<Integer> numbers, int first, int last) {
        for (int number = first; number <= last; number++) {
            numbers.add(number);
        }
    }

    /** Offers a version, these ciphers, and compression if it is asked to. */
    static Answer offer(
            InetSocketAddress address, int version, List<Integer> ciphers, boolean compressed)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            socket.getOutputStream().write(record(version, body(version, ciphers, compressed)));
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (EOFException | SocketException closed) {
            return new Answer(false, "closed");
        }
    }

    private static byte[] body(int version, List<Integer> ciphers, boolean compressed)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(version);
        out.write(new byte[32]); // random, which need not be
        out.writeByte(0); // no session
        out.writeShort(2 * ciphers.size());
        for (int cipher : ciphers) {
            out.writeShort(cipher);
        }
        out.write(compressed ? new byte[] {2, 1, 0} : new byte[] {1, 0});
        if (version > SSL_3) {
            byte[] extensions = extensions();
            out.writeShort(extensions.length);
            out.write(extensions);
        }
        return bytes.toByteArray();
    }

    /** Without these a server may refuse for want of a curve or a signature that both know. */
    private static byte[] extensions() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        extension(out, 10, list(0x001D, 0x0017, 0x0018)); // curves
        extension(out, 11, new byte[] {1, 0}); // points as they are
        extension(
                out,
                13,
                list(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0401, 0x0501, 0x0203, 0x0201));
        extension(out, 0xFF01, new byte[] {0}); // secure renegotiation
        return bytes.toByteArray();
    }

    private static void extension(DataOutputStream out, int type, byte[] content)
            throws IOException {
        out.writeShort(type);
        out.writeShort(content.length);
        out.write(content);
    }

    private static byte[] list(int... numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(2 * numbers.length);
        for (int number : numbers) {
            out.writeShort(number);
        }
        return bytes.toByteArray();
    }

    private static byte[] record(int version, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(HANDSHAKE);
        out.writeShort(Math.min(version, TLS_1_0));
        out.writeShort(body.length + 4);
        out.writeInt(1 << 24 | body.length); // a client's hello
        out.write(body);
        return bytes.toByteArray();
    }

    private static Answer answer(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        in.readUnsignedShort();
        int length = in.readUnsignedShort();
        if (length > RECORD_BYTES_MAX) {
            return new Answer(false, "no TLS");
        }
        byte[] record = new byte[length];
        in.readFully(record);
        if (type == ALERT && length == 2) {
            return new Answer(false, "alert " + record[1]);
        }
        boolean isHello = type == HANDSHAKE && length > 38 && record[0] == SERVER_HELLO;
        return new Answer(isHello, isHello ? helloText(record) : "record of type " + type);
    }

    private static String helloText(byte[] record) {
        int cipherAt = 39 + record[38]; // behind version, random and session
        return String.format(
                "version %02x%02x, cipher %02x%02x, compression %d",
                record[4], record[5], record[cipherAt], record[cipherAt + 1], record[cipherAt + 2]);
    }
}
