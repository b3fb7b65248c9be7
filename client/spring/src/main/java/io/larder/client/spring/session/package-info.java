/**
 * Web sessions in Larder, for Spring Session: {@link
 * io.larder.client.spring.session.LarderSessionRepository}.
 *
 * <p>Threads: the repository any, a session one at a time.
 */
@NullMarked
package io.larder.client.spring.session;

import org.jspecify.annotations.NullMarked;
