package io.larder.bench.curve;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.replay.Requests;
import io.larder.bench.replay.StoreCache;
import io.larder.bench.replay.StoreLayout;
import io.larder.server.insight.CurvePoint;
import io.larder.server.insight.InsightSettings;
import io.larder.server.insight.KeyInsight;
import java.util.ArrayList;
import java.util.List;

/**
 * One trace through a store that learns, and then through stores that really have the sizes of
 * which it predicted the hit ratio. For one thread.
 */
final class CurveRun {
    private static final InsightSettings CURVE_ONLY =
            new InsightSettings(false, true, false, (byte) ':');

    private final Requests trace;
    private long requests;
    private long hits;

    private CurveRun(Requests trace) {
        this.trace = trace;
    }

    /**
     * One size.
     *
     * @param times the store's memory
     * @param predicted hit ratio
     * @param measured hit ratio
     */
    record Size(double times, double predicted, double measured) {
        /** By how many points the prediction is too high. */
        double error() {
            return 100 * (predicted - measured);
        }
    }

    /**
     * Compares prediction and truth at all sizes, the smallest first.
     *
     * @param items that fit at the size of the store that predicts
     */
    static List<Size> run(Requests trace, long items) {
        StoreCache present = StoreCache.open(StoreLayout.ofItems(items), false);
        KeyInsight insight = present.learn(CURVE_ONLY);
        double measured = new CurveRun(trace).hitRatio(present);
        List<CurvePoint> curve = insight.curve();
        double presentBytes = curve.get(curve.size() / 2 - 1).bytes();
        List<Size> sizes = new ArrayList<>();
        for (CurvePoint point : curve) {
            double times = point.bytes() / presentBytes;
            double real =
                    times == 1 ? measured : new CurveRun(trace).hitRatio(present.resized(times));
            Size size = new Size(times, point.hitRatio(), real);
            Progress.say(
                    "curve: %.2f times the memory: predicted %.2f %%, measured %.2f %%",
                    times, 100 * size.predicted, 100 * size.measured);
            sizes.add(size);
        }
        return sizes;
    }

    private double hitRatio(StoreCache cache) {
        trace.forEach(
                request -> {
                    requests++;
                    hits += cache.access(request, requests) ? 1 : 0;
                });
        if (requests == 0) {
            throw new BenchException("trace: no request in it (expected: at least one)");
        }
        return (double) hits / requests;
    }
}
