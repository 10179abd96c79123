package com.atlasco.atlas.cli.verify;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.Durations;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;

/** Prints what a comparison tells, a line at a time: findings and the summary, and progress beside them. */
final class VerifyPrinter implements AutoCloseable {

    private static final long PLAIN_INTERVAL = 5_000_000_000L;

    private final CliContext context;
    private final boolean json;
    private JsonNode summary = JsonNodeFactory.instance.objectNode();
    private boolean drawn;
    private long next;

    VerifyPrinter(CliContext context, boolean json) {
        this.context = context;
        this.json = json;
        this.next = context.ticker().getAsLong() + PLAIN_INTERVAL;
    }

    /** The last line; empty when there was none. */
    JsonNode summary() {
        return summary;
    }

    void line(JsonNode line) {
        switch (line.path("type").asText()) {
            case "progress" -> progress(line);
            case "finding" -> {
                close();
                context.out().println(json ? line.toString() : finding(line));
            }
            case "summary" -> {
                close();
                summary = line;
                if (json) {
                    context.out().println(line);
                } else if (line.path("done").asBoolean()) {
                    summarize(line);
                }
            }
            // Of a later release.
            default -> {}
        }
    }

    private void progress(JsonNode line) {
        String text = String.format(
                Locale.ROOT,
                "Verify  %3.0f %%  %,d entities compared, %,d differences",
                line.path("percent").asDouble(),
                line.path("entities").asLong(),
                line.path("findings").asLong());
        if (context.errTerminal().columns().isPresent()) {
            context.err()
                    .print("\r"
                            + DisplayText.fit(
                                    text, context.errTerminal().columns().get() - 1)
                            + "\u001b[K");
            context.err().flush();
            drawn = true;
        } else if (context.ticker().getAsLong() - next >= 0) {
            next = context.ticker().getAsLong() + PLAIN_INTERVAL;
            context.err().println(text);
        }
    }

    private static String finding(JsonNode line) {
        StringBuilder text = new StringBuilder();
        text.append(line.path("kind").asText())
                .append("  tenant ")
                .append(line.path("tenant").asText());
        text.append("  ").append(line.path("source").asText());
        if (line.has("entity_id")) {
            text.append("  entity ").append(line.path("entity_id").asText());
        }
        if (line.has("attribute")) {
            text.append("  attribute ").append(line.path("attribute").asText());
        }
        if (line.has("property")) {
            text.append("  ").append(line.path("property").asText());
        }
        if (line.has("expected") || line.has("actual")) {
            text.append(": primary ").append(line.path("expected").asText("has none"));
            text.append(", ")
                    .append(line.path("source").asText())
                    .append(' ')
                    .append(line.path("actual").asText("has none"));
        }
        if (line.path("repaired").asBoolean()) {
            text.append("  (mended)");
        } else if (line.has("detail")) {
            text.append("  (").append(line.path("detail").asText()).append(')');
        }
        return DisplayText.oneLine(text.toString());
    }

    private void summarize(JsonNode line) {
        for (JsonNode source : line.path("sources")) {
            context.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%-8s %s",
                            source.path("source").asText(),
                            source.path("compared").asBoolean()
                                    ? counts(source)
                                    : "not compared: "
                                            + source.path("not_compared").asText()
                                            + (source.path("entities").asLong() > 0
                                                    ? " (" + counts(source) + " before)"
                                                    : "")));
        }
        context.out()
                .println(String.format(
                        Locale.ROOT,
                        "%,d tenants, %,d entities compared in %s: %s",
                        line.path("tenants").asLong(),
                        line.path("entities").asLong(),
                        Durations.of(line.path("elapsed_ms").asLong() / 1_000.0),
                        outcome(line)));
    }

    private static String outcome(JsonNode line) {
        long findings = line.path("findings").asLong();
        return findings == 0
                ? "no difference"
                : String.format(
                        Locale.ROOT,
                        "%,d differences, %,d mended",
                        findings,
                        line.path("repaired").asLong());
    }

    private static String counts(JsonNode source) {
        long undecided = source.path("undecided").asLong();
        return String.format(
                        Locale.ROOT,
                        "%,d entities, %,d differences in %,d rows, %,d mended",
                        source.path("entities").asLong(),
                        source.path("findings").asLong(),
                        source.path("divergent_rows").asLong(),
                        source.path("repaired").asLong())
                + (undecided == 0 ? "" : String.format(Locale.ROOT, ", %,d changing and not decided", undecided));
    }

    /** Takes the line of progress away. */
    @Override
    public void close() {
        if (drawn) {
            context.err().print("\r\u001b[K");
            context.err().flush();
            drawn = false;
        }
    }
}
