package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * A value could not be made into bytes, or bytes into a value: another type than the codec reads,
 * bytes that are none of that type, a packing that this client has no library for, or longer than
 * the codec's limit. Only this call, or this key of it, fails; the connection is as good as before.
 */
public final class CodecException extends LarderException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /**
     * @param mayHaveBeenApplied true if the operation had changed the item before its value could
     *     not be read
     */
    public CodecException(String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message, cause, mayHaveBeenApplied);
    }
}
