package io.larder.client.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.StoredValue;
import java.util.Arrays;
import org.springframework.cache.support.NullValue;

/** Values as Spring stores them, {@link NullValue} included, and their bytes. */
final class StoredForm {
    /** JSON, plain, as the protocol numbers it. */
    private static final int FORMAT_OF_NULL = 0x40;

    private static final byte[] NULL = "null".getBytes(UTF_8);

    private final Codec<Object> codec;

    StoredForm(Codec<Object> codec) {
        this.codec = codec;
    }

    /**
     * A value's bytes.
     *
     * @throws CodecException if it has none
     */
    StoredValue encode(Object value) {
        return value == NullValue.INSTANCE
                ? new StoredValue(NULL.clone(), FORMAT_OF_NULL)
                : codec.encode(value);
    }

    /**
     * The value of these bytes.
     *
     * @throws CodecException if they make none
     */
    Object decode(StoredValue stored) {
        return stored.format() == FORMAT_OF_NULL && Arrays.equals(stored.bytes(), NULL)
                ? NullValue.INSTANCE
                : codec.decode(stored);
    }
}
