package io.larder.server.http;

import io.larder.server.metrics.UserFigures;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The figures of each user for Prometheus, with his name in the label {@code user}. For any thread.
 * Users with figures of their own are bounded, and so are these.
 */
final class UserSamples {
    private final Supplier<List<UserFigures>> accounts;

    UserSamples(Supplier<List<UserFigures>> accounts) {
        this.accounts = accounts;
    }

    void addTo(MetricSnapshots.Builder snapshots) {
        List<UserFigures> users = accounts.get();
        snapshots
                .metricSnapshot(
                        counter(
                                "requests",
                                "Requests of a user, in whichever protocol",
                                users,
                                UserFigures::requests))
                .metricSnapshot(
                        counter(
                                "received_bytes",
                                "Their bytes, but for the admin's and HTTP's",
                                users,
                                UserFigures::bytesIn))
                .metricSnapshot(
                        counter(
                                "sent_bytes",
                                "Bytes of replies and pushes to a user, but for the admin's and"
                                        + " HTTP's",
                                users,
                                UserFigures::bytesOut))
                .metricSnapshot(
                        counter(
                                "forbidden",
                                "Requests refused because the user has not the right",
                                users,
                                UserFigures::forbidden))
                .metricSnapshot(
                        counter(
                                "rate_refusals",
                                "Requests over the rate of the user",
                                users,
                                UserFigures::overRate));
    }

    private static MetricSnapshot counter(
            String name, String help, List<UserFigures> users, ToLongFunction<UserFigures> figure) {
        return Samples.counters(
                "larder_user_" + name, help, users, user -> Labels.of("user", user.user()), figure);
    }
}
