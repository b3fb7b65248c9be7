/**
 * jcstress tests of the store's real, off-heap memory: what two or three threads may see of each
 * other, tried millions of times. Each outcome is explained as an interleaving. The tests run in
 * JVMs that jcstress forks; nothing else uses this package. It may import the server's memory and
 * store.
 */
@NullMarked
package io.larder.bench.jcstress;

import org.jspecify.annotations.NullMarked;
