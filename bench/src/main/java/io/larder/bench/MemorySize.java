package io.larder.bench;

import io.larder.server.config.Keys;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a budget as the server's {@code store.memory}: 64m, 4g or bytes. */
public final class MemorySize implements ITypeConverter<Long> {
    /** For picocli. */
    public MemorySize() {}

    @Override
    public Long convert(String text) {
        try {
            return Keys.STORE_MEMORY.type().parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    text + " (expected: " + Keys.STORE_MEMORY.type().expected() + ")");
        }
    }
}
