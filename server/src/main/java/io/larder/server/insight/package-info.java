/**
 * What can be learnt of a server's keys from what its access log drains: which are read most.
 *
 * <p>Threads: learning is for the log's draining thread, asking for any; each class is its own
 * monitor, taken once a batch.
 *
 * <p>Imports {@code accesslog}.
 */
@NullMarked
package io.larder.server.insight;

import org.jspecify.annotations.NullMarked;
