package io.larder.server.config;

/**
 * A key and the text somebody gave it.
 *
 * @param name the key's name
 * @param text the value as written
 * @param origin where: {@code larder.conf line 3}, {@code the environment}, {@code -D}
 */
record Setting(String name, String text, String origin) {}
