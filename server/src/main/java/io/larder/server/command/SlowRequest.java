package io.larder.server.command;

import io.larder.server.memory.Slice;

/**
 * A request, or a whole read batch, that took long.
 *
 * @param unixMillis when its read batch began
 * @param command its opcode's name, or {@link SlowLog#READ_BATCH}
 * @param region the name of its region; empty if it has none
 * @param space the region's present space
 * @param key its first bytes, {@link SlowLog#KEY_BYTES_MAX} at most; empty if it has none
 * @param keyBytes how long the key is
 * @param client who asked
 * @param micros how long it took
 * @param requests how many requests of its read batch had been begun by its end
 */
public record SlowRequest(
        long unixMillis,
        String command,
        String region,
        int space,
        Slice key,
        int keyBytes,
        Client client,
        long micros,
        int requests) {
    /**
     * Who asked.
     *
     * @param name as the client called itself; empty before its greeting
     * @param address as {@code 127.0.0.1:50432}; empty if it is not known
     */
    public record Client(String name, String address) {}
}
