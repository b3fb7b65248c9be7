/**
 * {@code bin/larder demo}: two shops without Larder, then two with it, under the same requests.
 *
 * <p>Threads: {@link io.larder.client.examples.demo.Demo} runs on one, requests on some more.
 */
@NullMarked
package io.larder.client.examples.demo;

import org.jspecify.annotations.NullMarked;
