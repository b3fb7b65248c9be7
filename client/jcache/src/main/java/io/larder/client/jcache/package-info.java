/**
 * JCache (JSR-107) over a Larder server: {@link io.larder.client.jcache.LarderCachingProvider},
 * which {@code javax.cache.Caching} finds by itself, its cache managers, one for each {@code
 * larder://host:port}, and their caches, one region each.
 *
 * <p>A cache is made of parts with one job each, and {@code LarderCache} only checks arguments and
 * asks them: {@code Entries} speaks to the server, {@code Changes} carries out what changes an
 * entry, {@code Reads} what reads one, {@code Bulk} what is done to many, {@code Origin} is the
 * program's loader and writer, {@code Expiry} its policy, {@code Listeners} whoever it wants told.
 *
 * <p>Threads: any. Locking: {@code KeyLocks} says when a key is locked; nothing else is held while
 * the server or the program's code is called.
 *
 * <p>Imports the client's root and {@code api}, {@code javax.cache}, slf4j.
 */
@NullMarked
package io.larder.client.jcache;

import org.jspecify.annotations.NullMarked;
