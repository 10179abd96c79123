package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.UsageException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key to group by, as it is written on the command line: {@code country}, {@code score:0:100:10} (from 0 to 100 in 10
 * buckets), {@code observed_at:month}. A name in double quotes is taken as it is, colons and all.
 */
sealed interface GroupBy {

    String attribute();

    /** What the request says. */
    ObjectNode toJson();

    /** A value of this key as a table shows it. */
    String cell(JsonNode key);

    /** One group for each value. */
    record Value(String attribute) implements GroupBy {
        @Override
        public ObjectNode toJson() {
            return JsonNodeFactory.instance.objectNode().put("attribute", attribute);
        }

        @Override
        public String cell(JsonNode key) {
            return CellFormat.of(key);
        }
    }

    /** Buckets of the same width; what lies below and above them has a bucket each. */
    record Histogram(String attribute, double min, double max, int buckets) implements GroupBy {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("attribute", attribute);
            json.putObject("histogram").put("min", min).put("max", max).put("buckets", buckets);
            return json;
        }

        @Override
        public String cell(JsonNode key) {
            if (!key.isObject()) {
                return CellFormat.of(key);
            }
            String from = CellFormat.of(key.path("from"));
            String to = CellFormat.of(key.path("to"));
            if (from.isEmpty()) {
                return "< " + to;
            }
            return to.isEmpty() ? ">= " + from : from + " to < " + to;
        }
    }

    /** Spans of time by the calendar, in UTC. */
    record Interval(String attribute, String unit) implements GroupBy {
        @Override
        public ObjectNode toJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("attribute", attribute)
                    .put("interval", unit);
        }

        @Override
        public String cell(JsonNode key) {
            String instant = CellFormat.of(key);
            int digits = switch (unit) {
                case "year" -> 4;
                case "month" -> 7;
                case "day" -> 10;
                default -> 16;
            };
            return instant.length() > digits ? instant.substring(0, digits).replace('T', ' ') : instant;
        }
    }

    /**
     * Reads a key.
     *
     * @throws UsageException when it is none
     */
    static GroupBy parse(String text) {
        String number = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
        Matcher quoted = Pattern.compile("\"(.+)\"").matcher(text);
        if (quoted.matches()) {
            return new Value(quoted.group(1));
        }
        Matcher interval = Pattern.compile("(.+):(year|month|day|hour)", Pattern.CASE_INSENSITIVE)
                .matcher(text);
        if (interval.matches()) {
            return new Interval(interval.group(1), interval.group(2).toLowerCase(Locale.ROOT));
        }
        Matcher histogram = Pattern.compile("(.+):(%s):(%s):(\\d{1,6})".formatted(number, number))
                .matcher(text);
        if (histogram.matches()) {
            return histogram(text, histogram);
        }
        if (text.isBlank()
                || Pattern.compile(".*:(?:" + number + ")?").matcher(text).matches()) {
            throw new UsageException(("--group-by '%s' is not understood. Write an attribute, a histogram as"
                            + " attribute:min:max:buckets (score:0:100:10), or an interval as attribute:year, :month,"
                            + " :day or :hour. A name with colons goes into double quotes.")
                    .formatted(text));
        }
        return new Value(text);
    }

    private static Histogram histogram(String text, Matcher parts) {
        double min = Double.parseDouble(parts.group(2));
        double max = Double.parseDouble(parts.group(3));
        int buckets = Integer.parseInt(parts.group(4));
        if (!(min < max) || !Double.isFinite(max - min) || buckets < 1 || buckets > 10_000) {
            throw new UsageException(
                    "--group-by '%s': a histogram goes from a smaller to a larger number, in 1 to 10,000 buckets."
                            .formatted(text));
        }
        return new Histogram(parts.group(1), min, max, buckets);
    }
}
