package io.larder.server.admin;

import io.larder.server.insight.KeyInsight;

/**
 * What the server has learnt of its keys, for operators.
 *
 * @param fates what became of them
 * @param keys how they are used
 */
public record Insight(KeyFates fates, KeyInsight keys) {}
