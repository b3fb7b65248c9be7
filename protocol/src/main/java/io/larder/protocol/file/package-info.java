/**
 * What a persistent region's files hold, shared by the server that writes them and by a process on
 * the same host that maps them.
 *
 * <p>Threads: each type says its own. Imports nothing of Larder and nothing of the engine that
 * keeps the records.
 */
@NullMarked
package io.larder.protocol.file;

import org.jspecify.annotations.NullMarked;
