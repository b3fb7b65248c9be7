package io.larder.client.jcache;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache's expiry policy. Of JCache's own five it is known that they always say the same, which
 * spares a read before a write and a touch after a read; others are asked each time. Any thread;
 * runs the program's code.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final Set<Class<?>> CONSTANT =
            Set.of(
                    EternalExpiryPolicy.class,
                    CreatedExpiryPolicy.class,
                    ModifiedExpiryPolicy.class,
                    AccessedExpiryPolicy.class,
                    TouchedExpiryPolicy.class);

    private final ExpiryPolicy policy;
    private final boolean isConstant;

    Expiry(ExpiryPolicy policy) {
        this.policy = policy;
        this.isConstant = CONSTANT.contains(policy.getClass());
    }

    /** Of a new entry: over at once or lasting. */
    Lifetime onCreation() {
        Lifetime lifetime = ask(policy::getExpiryForCreation, Lifetime.ETERNAL);
        return lifetime instanceof Lifetime.Kept ? Lifetime.ETERNAL : lifetime;
    }

    /** Of an entry that was read. */
    Lifetime onAccess() {
        return ask(policy::getExpiryForAccess, Lifetime.KEPT);
    }

    /** Of an entry that has a new value. */
    Lifetime onUpdate() {
        return ask(policy::getExpiryForUpdate, Lifetime.KEPT);
    }

    /** What every read does to an entry, if that is always the same. */
    Optional<Lifetime> everyAccess() {
        return isConstant ? Optional.of(onAccess()) : Optional.empty();
    }

    /** How long every entry lives from any write on, new or not, if that is always the same. */
    Optional<Lifetime.Lasting> everyWrite() {
        if (!isConstant || !(onCreation() instanceof Lifetime.Lasting created)) {
            return Optional.empty();
        }
        Lifetime updated = onUpdate();
        boolean isSame =
                updated.equals(created)
                        || (updated instanceof Lifetime.Kept && created.equals(Lifetime.ETERNAL));
        return isSame ? Optional.of(created) : Optional.empty();
    }

    private static Lifetime ask(Supplier<Duration> question, Lifetime otherwise) {
        try {
            return Lifetime.of(question.get());
        } catch (RuntimeException e) {
            LOG.warn("expiry policy failed, {} assumed", otherwise, e);
            return otherwise;
        }
    }

    /** Closes the policy, if it wants to be closed. */
    void close() {
        Closing.close(policy);
    }
}
