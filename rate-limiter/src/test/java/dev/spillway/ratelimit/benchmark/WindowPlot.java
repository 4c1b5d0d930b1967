// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws, for each contender, how many uses the second before every instant held. */
record WindowPlot(Map<String, List<Long>> uses, long limit, double seconds) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int TOP = 30;
    private static final int RIGHT = 190;
    private static final int BOTTOM = 50;
    private static final long WINDOW = 1_000_000_000L;
    private static final double STEP = 0.02;
    // Told apart by those who do not see colours, too (Okabe and Ito).
    private static final List<String> COLOURS =
            List.of("#0072b2", "#56b4e9", "#e69f00", "#009e73", "#d55e00", "#cc79a7");

    void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, svg(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String svg() {
        var worst = Math.max(
                2 * limit, uses.values().stream().mapToLong(this::worst).max().orElse(0));
        var svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"13\">",
                WIDTH,
                HEIGHT);
        line(
                svg,
                "<title>Uses in the second before each instant, %d backlogged nodes, limit %d a second</title>",
                8,
                limit);
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        axes(svg, worst);
        var row = 0;
        for (var entry : uses.entrySet()) {
            var colour = COLOURS.get(row % COLOURS.size());
            line(
                    svg,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"%s\"/>",
                    colour,
                    row == 0 ? "2.5" : "1.2",
                    points(entry.getValue(), worst));
            line(
                    svg,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s: %d</text>",
                    WIDTH - RIGHT + 12,
                    TOP + 20 + 22 * row,
                    colour,
                    entry.getKey(),
                    worst(entry.getValue()));
            row++;
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg, long worst) {
        var step = worst > 1_500 ? 500 : worst > 600 ? 200 : 100;
        for (long tick = 0; tick <= worst; tick += step) {
            line(
                    svg,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y(tick, worst),
                    y(tick, worst));
            line(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>", LEFT - 8, y(tick, worst) + 4, tick);
        }
        line(
                svg,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#000000\" stroke-dasharray=\"6 4\"/>",
                LEFT,
                WIDTH - RIGHT,
                y(limit, worst),
                y(limit, worst));
        for (int second = 0; second <= seconds; second++) {
            line(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>",
                    x(second),
                    HEIGHT - BOTTOM + 20,
                    second);
        }
        line(
                svg,
                "<text x=\"%d\" y=\"%d\">Uses in the last second; dashed: the limit. The legend has the worst.</text>",
                LEFT,
                HEIGHT - 10);
    }

    private String points(List<Long> sorted, long worst) {
        var points = new StringBuilder();
        var from = 0;
        var to = 0;
        for (double at = 0; at <= seconds; at += STEP) {
            var now = (long) (at * 1e9);
            while (to < sorted.size() && sorted.get(to) <= now) {
                to++;
            }
            while (from < to && sorted.get(from) <= now - WINDOW) {
                from++;
            }
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(at), y(to - from, worst)));
        }
        return points.toString().trim();
    }

    private long worst(List<Long> sorted) {
        return dev.spillway.ratelimit.Windows.worst(sorted, WINDOW);
    }

    private double x(double at) {
        return LEFT + at / seconds * (WIDTH - LEFT - RIGHT);
    }

    private static double y(long count, long worst) {
        return HEIGHT - BOTTOM - (double) count / worst * (HEIGHT - TOP - BOTTOM);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
