package com.atlasco.atlas.bench.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The tables for people: times by class of filter, ratios, and the slowest filters. */
final class FilterTable {

    private final FilterFigures figures;
    private final FilterSettings settings;
    private final StringBuilder text = new StringBuilder();

    FilterTable(FilterFigures figures, FilterSettings settings) {
        this.figures = figures;
        this.settings = settings;
    }

    String text() {
        line(
                "%n%,d entities of 12 attributes; %d filters, pages of %d; fsync on; milliseconds: p50, p99, slowest%n",
                settings.entities(), settings.filters(), FilterCase.PAGE);
        text.append(String.format(Locale.ROOT, "%-22s %7s", "class", "filters"));
        figures.contenders().forEach(contender -> text.append(String.format(Locale.ROOT, "  %25s", contender)));
        text.append('\n');
        figures.classes().forEach((name, members) -> {
            text.append(String.format(Locale.ROOT, "%-22s %7d", name, members.size()));
            for (String contender : figures.contenders()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %7.2f %8.1f %8.1f",
                        FilterFigures.percentile(members, contender, 50),
                        FilterFigures.percentile(members, contender, 99),
                        FilterFigures.percentile(members, contender, 100)));
            }
            text.append('\n');
        });
        text.append('\n');
        figures.ratios().forEach((name, value) -> line("%-24s %10s%n", name, value));
        text.append("\nthe slowest of Atlas\n");
        figures.slowest().forEach(this::slow);
        return text.toString();
    }

    private void slow(Measured measured) {
        line(
                "%n#%d  %s%s, page %d: %,d of all, %d on the page%n   ",
                measured.filter().number(),
                Cql2.text(measured.filter().predicates()),
                measured.filter()
                        .sort()
                        .map(sort -> " sorted by " + AtlasContender.sortBy(sort))
                        .orElse(""),
                measured.page(),
                measured.matches(),
                measured.rows());
        measured.times().forEach((contender, time) -> line(" %s %.2f ms", contender, time.millis()));
        text.append('\n');
        measured.times().forEach((contender, time) -> {
            if (!time.refusal().isEmpty()) {
                line("    %s: %s%n", contender, time.refusal());
            }
        });
        figures.plan(measured).map(JsonNode::toString).ifPresent(plan -> line("    plan %s%n", plan));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
