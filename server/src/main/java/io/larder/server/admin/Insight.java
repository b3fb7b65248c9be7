package io.larder.server.admin;

import io.larder.server.insight.HotKey;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What the server has learnt of its keys, for operators.
 *
 * @param fates what became of them
 * @param hotKeys those that are read most, at most so many, the hottest first
 */
public record Insight(KeyFates fates, IntFunction<List<HotKey>> hotKeys) {}
