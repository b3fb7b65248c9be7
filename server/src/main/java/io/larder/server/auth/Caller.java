package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.memory.Slice;
import io.larder.server.metrics.UserFigures;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection that speaks another protocol than Larder's own, as far as
 * he has shown it, and what he may do by now. Belongs to the connection's event loop.
 */
public final class Caller {
    /** Bytes of requests that a connection may hold whose user is not known. */
    public static final int UNKNOWN_BYTES_MAX = 4_096;

    /** Tries that fail before a connection is to be closed. */
    private static final int FAILURES_MAX = 3;

    private final AccessControl control;
    private final String region;
    private final String address;
    private String client = "";
    private @Nullable Identity identity; // null: nobody yet, or nobody any more
    private RegionRights rights = RegionRights.NONE; // in the region
    private int changes; // of his rights
    private int failures;

    /**
     * Somebody who has shown nothing yet.
     *
     * @param region the name of the one that the protocol's keys are in
     * @param address where he is, as {@code 127.0.0.1:50432}
     */
    public Caller(AccessControl control, String region, String address) {
        this.control = control;
        this.region = region;
        this.address = address;
        become(control.stranger());
    }

    private void become(@Nullable Identity newIdentity) {
        if (!Identity.haveSameRights(identity, newIdentity)) {
            changes++;
        }
        identity = newIdentity;
        rights = newIdentity == null ? RegionRights.NONE : newIdentity.rights().in(region);
    }

    /** The name that the client gives itself; empty for none. */
    public void client(String name) {
        client = name;
    }

    /** The name that the client has given itself; empty for none. */
    public String client() {
        return client;
    }

    private Origin origin() {
        return new Origin(address, client);
    }

    /** Whether anybody has to show who he is. */
    public boolean isRequired() {
        return control.isRequired();
    }

    /** Whether he is a user, or everybody may do everything. */
    public boolean isKnown() {
        return identity != null;
    }

    /** The user's name; empty if he is not known, or there are no users. */
    public String user() {
        Identity present = identity;
        return present == null ? "" : present.user();
    }

    /** How often his rights have become others: what was begun under those of before may end. */
    public int changes() {
        return changes;
    }

    /** Takes notice of another reading of the users file; to be called now and then. */
    public void refresh() {
        Identity present = identity;
        if (present != null && control.isRequired() && present.reading() != control.reading()) {
            become(control.refreshed(present));
        }
    }

    /** He is nobody again. */
    public void forget() {
        become(control.stranger());
    }

    /** Takes the common name of a certificate that TLS has verified, if it is a user's. */
    public void showCertificate(String commonName) {
        if (identity == null && !commonName.isEmpty()) {
            become(control.ofCertificate(commonName, origin()));
        }
    }

    /**
     * Takes a user's name and secret, or a token alone.
     *
     * @param name empty for whoever has the token
     * @param secret his password or one of his tokens
     * @return what it came to; if it was accepted, he is that user now
     */
    public Verdict show(String name, String secret) {
        return take(
                name.isEmpty()
                        ? control.ofToken(secret.getBytes(UTF_8), origin())
                        : control.ofPassword(name, secret, origin()));
    }

    /** Begins an exchange in which he shows that he knows a password, without saying it. */
    public ScramExchange beginScram() {
        return control.beginScram(origin());
    }

    /** Takes what a try came to; if it was accepted, he is that user now. */
    public Verdict take(Verdict verdict) {
        if (verdict.isAccepted()) {
            become(verdict.accepted());
        } else {
            failed();
        }
        return verdict;
    }

    /** One more try has come to nothing. */
    public void failed() {
        failures++;
    }

    /** Whether he has failed so often that the connection is to be closed. */
    public boolean hasFailedTooOften() {
        return failures >= FAILURES_MAX;
    }

    /** Whether there is a user of this name. */
    public boolean isUser(String name) {
        return control.user(name) != null;
    }

    /** Whether he may do what is needed to all keys of the region, or to the server. */
    public boolean may(Need need) {
        Identity present = identity;
        if (present == null) {
            return need == Need.NOBODY;
        }
        return need.isOfServer()
                ? present.rights().hasEverywhere(need.bits())
                : rights.hasWhole(need.bits());
    }

    /** Whether he may do what is needed to a key of the region, or to all that begin so. */
    public boolean may(Need need, Slice key) {
        return rights.has(need.bits(), key);
    }

    /** Whether he may do what is needed in a region, to all keys that begin so. */
    public boolean may(Need need, String inRegion, Slice prefix) {
        Identity present = identity;
        return present != null && present.rights().in(inRegion).has(need.bits(), prefix);
    }

    /** Whether he may do what is needed everywhere. */
    public boolean mayEverywhere(Need need) {
        Identity present = identity;
        return present != null && present.rights().hasEverywhere(need.bits());
    }

    /** He was not allowed what he asked for. */
    public void forbidden(String what) {
        control.forbidden(identity, origin(), what);
    }

    /** He was allowed what operators do, and has it done now. */
    public void operated(String what) {
        control.operated(identity, origin(), what);
    }

    /** What his figures are; null if he is not known, or there are no users. */
    public @Nullable UserFigures figures() {
        Identity present = identity;
        return present == null ? null : present.figures();
    }

    /** He has asked for something. */
    public void countRequest() {
        UserFigures figures = figures();
        if (figures != null) {
            figures.countRequests(1);
        }
    }
}
