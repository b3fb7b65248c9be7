package io.larder.client.net;

import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.RequestFlag;
import org.jspecify.annotations.Nullable;

/** The flags and extensions of a SET. Stateless. */
final class PutFields {
    private PutFields() {}

    /** The flags that say what must hold, and that the version is to come back. */
    static int flags(PutOptions options) {
        return RequestFlag.RETURN_META
                | switch (options.condition()) {
                    case ALWAYS -> 0;
                    case ONLY_IF_ABSENT -> RequestFlag.ONLY_ABSENT;
                    case ONLY_IF_PRESENT -> RequestFlag.ONLY_PRESENT;
                    case IF_VERSION -> RequestFlag.IF_VERSION;
                    case IF_NEWER -> RequestFlag.IF_NEWER;
                };
    }

    /** What differs from a SET without any; null if nothing does. */
    static @Nullable RequestExtension extensions(PutOptions options, StoredValue value) {
        RequestExtension first = ttlUnlessDefault(options.ttl(), null);
        Ttl softTtl = options.softTtl();
        if (softTtl != null) {
            first = new RequestExtension(ExtensionType.SOFT_TTL, softTtl.millis(), first);
        }
        if (options.clientFlags() != 0) {
            first = new RequestExtension(ExtensionType.CLIENT_FLAGS, options.clientFlags(), first);
        }
        if (value.format() != StoredValue.RAW) {
            first = new RequestExtension(ExtensionType.FORMAT, value.format(), first);
        }
        if (options.expectedVersion() != 0) {
            first = new RequestExtension(ExtensionType.VERSION, options.expectedVersion(), first);
        }
        if (options.callerVersion() != 0) {
            first =
                    new RequestExtension(
                            ExtensionType.CALLER_VERSION, options.callerVersion(), first);
        }
        if (!options.tags().isEmpty()) {
            first = RequestExtension.tags(options.tags(), first);
        }
        return first;
    }

    static RequestExtension ttl(Ttl ttl, @Nullable RequestExtension next) {
        return new RequestExtension(ExtensionType.TTL, ttl.millis(), next);
    }

    static @Nullable RequestExtension ttlUnlessDefault(Ttl ttl, @Nullable RequestExtension next) {
        return ttl.equals(Ttl.REGION_DEFAULT) ? next : ttl(ttl, next);
    }
}
