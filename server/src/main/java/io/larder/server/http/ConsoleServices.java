package io.larder.server.http;

import io.larder.server.command.SlowRequest;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.store.ShardStats;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What the console shows beside figures, clients and keys.
 *
 * @param shards their figures, in order
 * @param slowRequests the newest slow requests, at most so many, the newest first
 * @param settings every key and what it is set to
 * @param events where one can watch what happens
 * @param regionOfSpace a region's name by its present space
 */
public record ConsoleServices(
        Supplier<List<ShardStats>> shards,
        IntFunction<List<SlowRequest>> slowRequests,
        Supplier<List<LiveConfiguration.View>> settings,
        EventSource events,
        IntFunction<String> regionOfSpace) {}
