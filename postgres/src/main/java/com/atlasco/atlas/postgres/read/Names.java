package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Puts the names of attributes where a description has their ids. */
final class Names {

    private static final Pattern ATTRIBUTE = Pattern.compile("attribute (\\d+)");

    private Names() {}

    static String of(PageQuery query, String description) {
        Map<String, String> names = new TreeMap<>();
        Stream.concat(
                        query.parts().stream().flatMap(part -> Filter.properties(part.filter())),
                        query.sort().stream().map(key -> key.property()))
                .forEach(property -> {
                    if (property instanceof Property.Attribute(var type)) {
                        names.put(Integer.toString(type.attributeId()), type.name());
                    }
                });
        return ATTRIBUTE
                .matcher(description)
                .replaceAll(found -> Matcher.quoteReplacement(names.getOrDefault(found.group(1), found.group())));
    }
}
