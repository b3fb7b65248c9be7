package io.larder.client.examples.shop;

/** What the shop sells. */
public record Product(long id, String name, long priceCents) {}
