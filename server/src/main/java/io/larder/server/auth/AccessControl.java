package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.auth.ScramSha256;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UserFigures;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is who, and what became of those who said so: the one place that all front-ends ask. Any
 * thread.
 *
 * <p>Who is let in, who is not, and who was not allowed something is told to {@link Audit}.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    /** Bytes of the longest token; a longer one is nobody's. */
    private static final int TOKEN_BYTES_MAX = 1_024;

    private static final int PASSWORD_CHARACTERS_MAX = 1_024;
    private static final int NAME_CHARACTERS_MAX = 64;
    private static final long NO_TIME_MILLIS = 1_000;
    private static final int SALT_BYTES = 16;
    private static final Identity ANYBODY = new Identity("", Rights.EVERYTHING, 0, null);

    /** One reading of the users file. */
    private record Reading(Users users, long number) {}

    private final @Nullable Path file; // null: there are no users, everybody may do everything
    private volatile @Nullable Reading present; // written under this
    private volatile long number; // of the present reading, written after it
    private final byte[] saltKey = new byte[32];
    private final BackOff backOff;
    private final PlainPasswords passwords;
    private final Audit audit = new Audit();
    private final UserAccounts accounts = new UserAccounts();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder heldBack = new LongAdder();
    private final LongAdder forbidden = new LongAdder();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder reloadsFailed = new LongAdder();

    private AccessControl(@Nullable Path file, LongSupplier nanoClock) {
        this.file = file;
        this.backOff = new BackOff(nanoClock);
        this.passwords = new PlainPasswords(nanoClock);
        new SecureRandom().nextBytes(saltKey);
    }

    /** That of a server without users: everybody may do everything. */
    public static AccessControl open() {
        return new AccessControl(null, System::nanoTime);
    }

    /**
     * That of the users in a file.
     *
     * @throws UsersException naming file and line, if it cannot be used
     */
    public static AccessControl of(Path file) throws UsersException {
        return of(file, System::nanoTime);
    }

    static AccessControl of(Path file, LongSupplier nanoClock) throws UsersException {
        AccessControl control = new AccessControl(file, nanoClock);
        Users users = UsersFile.read(file);
        control.take(users);
        LOG.info("{}: {} users", file, users.count());
        return control;
    }

    private void take(Users users) {
        long next = number + 1;
        present = new Reading(users, next);
        number = next;
    }

    /** Whether one has to show who one is. */
    public boolean isRequired() {
        return file != null;
    }

    /** Who somebody is who has shown nothing yet; null for nobody. */
    public @Nullable Identity stranger() {
        return isRequired() ? null : ANYBODY;
    }

    /** The number of the users file's present reading; changes with it. One volatile read. */
    public long reading() {
        return number;
    }

    /** The files that {@link #reload} reads. */
    public List<Path> files() {
        return file == null ? List.of() : List.of(file);
    }

    /**
     * Reads the users anew; if anything is wrong with them, those of before stay, and the log says
     * why. Locking: this object's monitor; reads a file.
     */
    public synchronized void reload() {
        if (file == null) {
            return;
        }
        try {
            Users users = UsersFile.read(file);
            take(users);
            reloads.increment();
            audit.tell(Audit.Event.USERS_READ, file + " was read: " + users.count() + " users");
        } catch (UsersException e) {
            reloadsFailed.increment();
            LOG.error("the users stay as they are: {}", e.getMessage());
            audit.tell(Audit.Event.USERS_REFUSED, "the users stay as they are: " + e.getMessage());
        }
    }

    /** Who somebody is by now; null if he is no user any more. */
    public @Nullable Identity refreshed(Identity identity) {
        Reading reading = present;
        if (reading == null) {
            return identity;
        }
        User user = reading.users().find(identity.user());
        return user == null ? null : identity(user, reading.number());
    }

    /** Who shows a certificate, which TLS has verified; null if that is no user's. */
    public @Nullable Identity ofCertificate(String commonName, Origin origin) {
        Reading reading = present;
        User user = reading == null ? null : reading.users().ofCertificate(commonName);
        return user == null ? null : accept(user, origin, "certificate");
    }

    private Identity accept(User user, Origin origin, String means) {
        accepted.increment();
        audit.tell(Audit.Event.LOGIN, origin + ": " + user.name() + " by " + means);
        return identity(user, number);
    }

    private Identity identity(User user, long reading) {
        return new Identity(user.name(), user.rights(), reading, accounts.of(user.name()));
    }

    /** Who has a token. */
    public Verdict ofToken(byte[] token, Origin origin) {
        boolean isPossible = token.length > 0 && token.length <= TOKEN_BYTES_MAX;
        return decide("a token", origin, () -> isPossible ? userOfToken(token) : null);
    }

    private @Nullable User userOfToken(byte[] token) {
        Reading reading = present;
        return reading == null ? null : reading.users().ofToken(token);
    }

    /**
     * Who says a password as it is, to a protocol that knows no better; it may as well be one of
     * his tokens.
     */
    public Verdict ofPassword(String name, String password, Origin origin) {
        User user = user(name);
        ScramVerifier known = user == null ? null : user.password();
        ScramVerifier verifier = known == null ? falseVerifier(name) : known;
        if (password.length() > PASSWORD_CHARACTERS_MAX || name.length() > NAME_CHARACTERS_MAX) {
            return decide("a password", origin, () -> null);
        }
        Verdict held = heldBack(name, origin);
        if (held != null) {
            return held;
        }
        if (isTokenOf(user, password)) {
            return settled(user, name, origin);
        }
        return switch (passwords.look(verifier, name, password)) {
            case RIGHT -> settled(user, name, origin);
            case WRONG -> settled(null, name, origin);
            case NO_TIME -> {
                heldBack.increment();
                yield new Verdict(null, NO_TIME_MILLIS);
            }
        };
    }

    private boolean isTokenOf(@Nullable User user, String secret) {
        byte[] token = secret.getBytes(UTF_8);
        return user != null && token.length <= TOKEN_BYTES_MAX && user.equals(userOfToken(token));
    }

    /** An exchange in which a user shows that he knows his password without saying it. */
    public ScramExchange beginScram(Origin origin) {
        return new ScramExchange(this, origin);
    }

    @Nullable User user(String name) {
        Reading reading = present;
        return reading == null ? null : reading.users().find(name);
    }

    /** What no password is right for, the same each time but for its keys. */
    ScramVerifier falseVerifier(String name) {
        byte[] salt = Arrays.copyOf(ScramSha256.hmac(saltKey, name), SALT_BYTES);
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new ScramVerifier(salt, ScramSha256.ITERATIONS_MIN, key, key);
    }

    /** Looks at a try, unless too many have failed before. */
    Verdict decide(String subject, Origin origin, Supplier<@Nullable User> look) {
        Verdict held = heldBack(subject, origin);
        return held == null ? settled(look.get(), subject, origin) : held;
    }

    private static String held(String subject, Origin origin) {
        return origin.host() + ' ' + subject;
    }

    private @Nullable Verdict heldBack(String subject, Origin origin) {
        long waitMillis = backOff.waitMillis(held(subject, origin));
        if (waitMillis == 0) {
            return null;
        }
        heldBack.increment();
        audit.tell(
                Audit.Event.LOGIN_FAILED,
                origin + ": held back " + waitMillis + " ms, a secret of " + subject);
        return new Verdict(null, waitMillis);
    }

    private Verdict settled(@Nullable User user, String subject, Origin origin) {
        if (user == null) {
            backOff.failed(held(subject, origin));
            failed.increment();
            audit.tell(
                    Audit.Event.LOGIN_FAILED, origin + ": refused, not the secret of " + subject);
            return Verdict.REFUSED;
        }
        backOff.succeeded(held(subject, origin));
        return new Verdict(accept(user, origin, subject), 0);
    }

    /** Somebody was not allowed what he asked for. */
    public void forbidden(@Nullable Identity identity, Origin origin, String what) {
        forbidden.increment();
        if (identity != null && identity.figures() != null) {
            identity.figures().countForbidden();
        }
        audit.tell(Audit.Event.FORBIDDEN, origin + ": " + name(identity) + " may not " + what);
    }

    /** Somebody was allowed what operators do, and has it done now. */
    public void operated(@Nullable Identity identity, Origin origin, String what) {
        audit.tell(Audit.Event.OPERATED, origin + ": " + name(identity) + " has asked " + what);
    }

    private static String name(@Nullable Identity identity) {
        if (identity == null) {
            return "nobody";
        }
        return identity.user().isEmpty() ? "anybody" : identity.user();
    }

    /** What is told of users. */
    public Audit audit() {
        return audit;
    }

    /** The figures of each user who has been let in so far; none where there are no users. */
    public List<UserFigures> accounts() {
        return accounts.all();
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter("auth_accepted", "Times that a user was let in", accepted::sum)
                .registerCounter("auth_failed", "Times that a secret was nobody's", failed::sum)
                .registerCounter(
                        "auth_held_back",
                        "Tries refused without a look, because too many had failed before",
                        heldBack::sum)
                .registerCounter(
                        "auth_forbidden",
                        "Requests refused because their user has not the right",
                        forbidden::sum)
                .registerCounter(
                        "auth_reloads", "Times that the users file was read anew", reloads::sum)
                .registerCounter(
                        "auth_reloads_failed",
                        "Times that it could not be used, and the users stayed",
                        reloadsFailed::sum)
                .register("auth_users", "Users; 0 where everybody may do everything", this::count);
    }

    private long count() {
        Reading reading = present;
        return reading == null ? 0 : reading.users().count();
    }
}
