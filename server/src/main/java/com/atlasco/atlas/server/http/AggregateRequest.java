package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.QueryBinder;
import com.atlasco.atlas.query.aggregate.AggregateChecks;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Property;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the JSON of an aggregate, typed against the registry. */
final class AggregateRequest {

    private static final int DEFAULT_LIMIT = 10_000;

    private final Registry registry;

    AggregateRequest(Registry registry) {
        this.registry = registry;
    }

    /**
     * Reads the query.
     *
     * @throws com.atlasco.atlas.model.AtlasException that names the member that is wrong
     */
    AggregateQuery read(JsonNode body) {
        List<GroupKey> groupBy = new ArrayList<>();
        body.path("group_by").forEach(part -> groupBy.add(groupKey(part, "/group_by/" + groupBy.size())));
        List<Metric> metrics = new ArrayList<>();
        body.path("metrics").forEach(part -> metrics.add(metric(part, "/metrics/" + metrics.size())));
        List<AggregateSort> sort = new ArrayList<>();
        body.path("sort").forEach(part -> sort.add(sort(part.asText(), groupBy, metrics, "/sort/" + sort.size())));
        AggregateQuery query = new AggregateQuery(
                FilterInput.ofBody(body).bind(registry),
                groupBy,
                metrics,
                sort,
                body.path("limit").asInt(DEFAULT_LIMIT));
        requireDistinctNames(groupBy, metrics);
        AggregateChecks.check(query);
        return query;
    }

    /** Keys and metrics are members of JSON objects in the answer. */
    private static void requireDistinctNames(List<GroupKey> groupBy, List<Metric> metrics) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < groupBy.size(); i++) {
            String name = groupBy.get(i).property().wireName();
            if (!names.add(name)) {
                throw twice("group_by names '%s' twice".formatted(name), "/group_by/" + i);
            }
        }
        names.clear();
        for (int i = 0; i < metrics.size(); i++) {
            if (!names.add(metrics.get(i).name())) {
                throw twice("%s is asked for twice".formatted(metrics.get(i).name()), "/metrics/" + i);
            }
        }
    }

    private static AtlasException twice(String detail, String place) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail)
                .at(place)
                .hint("Name it once.")
                .asException();
    }

    private GroupKey groupKey(JsonNode part, String place) {
        Property property = QueryBinder.resolveInUse(part.path("attribute").asText(), registry);
        JsonNode histogram = part.path("histogram");
        JsonNode interval = part.path("interval");
        if (histogram.isObject() && !interval.isMissingNode()) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "a part of group_by is a histogram or an interval, not both")
                    .at(place)
                    .hint("Group by a number with a histogram, by a ts with an interval.")
                    .asException();
        }
        if (histogram.isObject()) {
            return new GroupKey.Histogram(
                    property,
                    histogram.path("min").asDouble(),
                    histogram.path("max").asDouble(),
                    histogram.path("buckets").asInt());
        }
        if (interval.isTextual()) {
            return new GroupKey.ByInterval(
                    property, GroupKey.Interval.valueOf(interval.textValue().toUpperCase(Locale.ROOT)));
        }
        return new GroupKey.ByValue(property);
    }

    private Metric metric(JsonNode part, String place) {
        Metric.Operation operation =
                Metric.Operation.valueOf(part.path("op").asText().toUpperCase(Locale.ROOT));
        Optional<Property> property = Optional.ofNullable(part.path("attribute").textValue())
                .map(name -> QueryBinder.resolveInUse(name, registry));
        if (property.isEmpty() && operation != Metric.Operation.COUNT) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the metric %s needs an attribute"
                                    .formatted(part.path("op").asText()))
                    .at(place + "/attribute")
                    .hint("Only count goes without one; it then counts entities.")
                    .asException();
        }
        return new Metric(operation, property);
    }

    private static AggregateSort sort(String text, List<GroupKey> groupBy, List<Metric> metrics, String place) {
        boolean descending = text.startsWith("-");
        String name = descending || text.startsWith("+") ? text.substring(1) : text;
        for (int i = 0; i < metrics.size(); i++) {
            if (metrics.get(i).name().equals(name)) {
                return new AggregateSort.ByMetric(i, descending);
            }
        }
        for (int i = 0; i < groupBy.size(); i++) {
            if (groupBy.get(i).property().wireName().equals(name)) {
                return new AggregateSort.ByKey(i, descending);
            }
        }
        throw Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "'%s' is neither a metric of this aggregate nor an attribute of its group_by".formatted(name))
                .at(place)
                .hint("Sort by "
                        + String.join(", ", metrics.stream().map(Metric::name).toList())
                        + " or by what you group by.")
                .asException();
    }
}
