package io.larder.bench.trace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Hit ratios over memory as an SVG picture: a line for each cache. For one thread. */
final class HitRatioPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int RIGHT = 130;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    private static final int GRID_LINES = 5;
    private static final double MARGIN = 0.02;
    private static final String[] COLOURS = {"#c0392b", "#2471a3", "#229954", "#7d3c98"};

    private final long limitBytes;
    private final double[] times;
    private final Map<String, List<Double>> lines = new LinkedHashMap<>();

    /**
     * @param limitBytes the present memory limit, which is marked
     * @param times the sizes, as multiples of it, the smallest first
     */
    HitRatioPlot(long limitBytes, double[] times) {
        this.limitBytes = limitBytes;
        this.times = times.clone();
    }

    /** Adds a line; a ratio, 0 to 1, for each size. */
    void add(String name, List<Double> ratios) {
        lines.put(name, List.copyOf(ratios));
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT);
        append(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        addGrid(svg);
        int number = 0;
        for (Map.Entry<String, List<Double>> line : lines.entrySet()) {
            addLine(svg, line.getKey(), line.getValue(), number++);
        }
        return svg.append("</svg>\n").toString();
    }

    private void addGrid(StringBuilder svg) {
        for (int index = 0; index <= GRID_LINES; index++) {
            double ratio = least() + (most() - least()) * index / GRID_LINES;
            append(
                    svg,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                    LEFT,
                    y(ratio),
                    WIDTH - RIGHT,
                    y(ratio));
            append(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f %%</text>",
                    LEFT - 6,
                    y(ratio) + 4,
                    100 * ratio);
        }
        for (double time : times) {
            append(
                    svg,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>",
                    x(time),
                    TOP,
                    x(time),
                    HEIGHT - BOTTOM,
                    time == 1 ? "#888888" : "#eeeeee");
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f MiB</text>",
                    x(time),
                    HEIGHT - BOTTOM + 18,
                    time * limitBytes / (1 << 20));
        }
        append(
                svg,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">memory limit; the present one is"
                        + " marked</text>",
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 12);
    }

    private void addLine(StringBuilder svg, String name, List<Double> ratios, int number) {
        String colour = COLOURS[number % COLOURS.length];
        StringBuilder points = new StringBuilder();
        for (int index = 0; index < times.length; index++) {
            append(points, "%.1f,%.1f ", x(times[index]), y(ratios.get(index)));
        }
        append(
                svg,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().replace("\n", "").strip(),
                colour);
        append(
                svg,
                "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                WIDTH - RIGHT + 14,
                TOP + 20 + 20 * number,
                colour,
                name);
    }

    private static void append(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Sizes lie as far apart as their logarithms. */
    private double x(double time) {
        double span = Math.log(times[times.length - 1] / times[0]);
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(time / times[0]) / span;
    }

    private double y(double ratio) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (ratio - least()) / (most() - least());
    }

    private double least() {
        return Math.max(0, all().min().orElse(0) - MARGIN);
    }

    private double most() {
        return Math.min(1, all().max().orElse(1) + MARGIN);
    }

    private DoubleStream all() {
        return lines.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue);
    }
}
