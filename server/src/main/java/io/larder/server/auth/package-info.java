/**
 * Who may do what: users, their secrets and rights, and the proof that somebody is one of them. It
 * knows no protocol; each front-end asks here.
 *
 * <p>Threads: users and rights are immutable and replaced as a whole; an exchange belongs to its
 * connection's event loop; the rest is for any thread.
 *
 * <p>Imports {@code memory} and {@code metrics}.
 */
@NullMarked
package io.larder.server.auth;

import org.jspecify.annotations.NullMarked;
