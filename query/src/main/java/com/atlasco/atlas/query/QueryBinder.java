package com.atlasco.atlas.query;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.NearestName;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns the names in a request into properties. Thread-safe. */
public final class QueryBinder {

    private static final int SHOWN = 60;

    private QueryBinder() {}

    /** The property of that exact name, or empty. */
    public static Optional<Property> find(String name, Registry registry) {
        Optional<Property> intrinsic = Property.Intrinsic.ofWireName(name).map(property -> property);
        return intrinsic.or(() -> registry.find(name).map(Property.Attribute::new));
    }

    /**
     * The property of that exact name.
     *
     * @throws AtlasException {@code unknown_attribute} with the nearest name as its hint
     */
    public static Property resolve(String name, Registry registry) {
        return find(name, registry).orElseThrow(() -> unknown(name, registry).asException());
    }

    /**
     * As {@link #resolve}, for what is computed over values.
     *
     * @throws AtlasException also {@code attribute_retired}
     */
    public static Property resolveInUse(String name, Registry registry) {
        Property property = resolve(name, registry);
        retired(property).ifPresent(problem -> {
            throw problem.asException();
        });
        return property;
    }

    /** The {@code attribute_retired} problem of a property that filters, sorts and aggregates may not name. */
    public static Optional<Problem> retired(Property property) {
        return property instanceof Property.Attribute(AttributeType type) && type.retired()
                ? Optional.of(Problem.of(
                                ErrorCode.ATTRIBUTE_RETIRED,
                                "attribute '%s' is retired: its values are read with their entities, and no longer"
                                                .formatted(abbreviate(type.name()))
                                        + " filtered, sorted or aggregated")
                        .hint("Bring it back with POST /api/v1/attributes/{name}/restore."))
                : Optional.empty();
    }

    /** The {@code unknown_attribute} problem for a name that is neither registered nor intrinsic. */
    public static Problem unknown(String name, Registry registry) {
        List<String> candidates = new ArrayList<>();
        Arrays.stream(Property.Intrinsic.values()).map(Property::wireName).forEach(candidates::add);
        registry.nearestName(name).ifPresent(candidates::add);
        String hint = NearestName.among(candidates, name)
                .map("Did you mean '%s'?"::formatted)
                .orElse("GET /api/v1/attributes lists the attributes there are.");
        return Problem.of(ErrorCode.UNKNOWN_ATTRIBUTE, "there is no attribute '%s'".formatted(abbreviate(name)))
                .hint(hint);
    }

    /**
     * Reads an order: properties between commas, each after a minus for descending; a plus, or the space that an undecoded
     * plus in a URL becomes, says ascending as no sign does. A name may stand in double quotes, and has to when it holds
     * a comma; alone it may go without. Blank text is no order.
     *
     * @return at most {@link SortKey#MAX_KEYS} keys
     * @throws AtlasException {@code unknown_attribute} with the nearest name, {@code filter_type} for a property of type
     *     json, {@code filter_too_large} for too many properties, {@code invalid_request} for one named twice
     */
    public static List<SortKey> sort(String sortby, Registry registry) {
        String text = sortby.strip();
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> parts = find(nameOf(text), registry).isPresent() ? List.of(text) : NameList.split(text);
        if (parts.size() > SortKey.MAX_KEYS) {
            throw Problem.of(
                            ErrorCode.FILTER_TOO_LARGE,
                            "sortby names %d properties; at most %d are sorted by"
                                    .formatted(parts.size(), SortKey.MAX_KEYS))
                    .at("sortby")
                    .hint("Leave out the last ones.")
                    .asException();
        }
        List<SortKey> keys = new ArrayList<>();
        for (String part : parts) {
            SortKey key = new SortKey(sortable(part, registry), part.startsWith("-"));
            if (keys.stream().anyMatch(known -> known.property().equals(key.property()))) {
                throw Problem.of(
                                ErrorCode.INVALID_REQUEST,
                                "sortby names '%s' twice"
                                        .formatted(abbreviate(key.property().wireName())))
                        .at("sortby")
                        .hint("Name it once; what comes first decides first.")
                        .asException();
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }

    private static String nameOf(String part) {
        return (part.startsWith("-") || part.startsWith("+") ? part.substring(1) : part).strip();
    }

    private static Property sortable(String part, Registry registry) {
        String name = nameOf(part);
        Property property = find(name, registry)
                .or(() -> find(NameList.unquote(name), registry))
                .orElseThrow(() ->
                        unknown(NameList.unquote(name), registry).at("sortby").asException());
        retired(property).ifPresent(problem -> {
            throw problem.at("sortby").asException();
        });
        if (property.dataType() == DataType.JSON) {
            throw Problem.of(
                            ErrorCode.FILTER_TYPE,
                            "'%s' is of type json, which has no order".formatted(abbreviate(property.wireName())))
                    .at("sortby")
                    .hint("Sort by a property of type number, text, ts or bool.")
                    .asException();
        }
        return property;
    }

    private static String abbreviate(String name) {
        if (name.length() <= SHOWN) {
            return name;
        }
        int end = SHOWN - 3;
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + "...";
    }
}
