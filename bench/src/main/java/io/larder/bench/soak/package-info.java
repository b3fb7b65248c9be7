/**
 * {@code bench soak}: the store in this process under everything at once, each answer held against
 * what its key's history allows.
 */
@NullMarked
package io.larder.bench.soak;

import org.jspecify.annotations.NullMarked;
