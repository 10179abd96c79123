package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ConstraintsCodec;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.ValueParser;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the JSON of attribute types into definitions. Thread-safe. */
public final class AttributeInput {

    private static final Set<String> MEMBERS =
            Set.of("data_type", "filterable", "hot", "unit", "description", "constraints");
    private static final int MAX_UNIT_LENGTH = 100;
    private static final int MAX_DESCRIPTION_LENGTH = 2_000;

    private AttributeInput() {}

    /**
     * The definition of one attribute.
     *
     * @throws AtlasException {@code invalid_request} or {@code invalid_constraint}, at a pointer into the body
     */
    public static AttributeDefinition definition(String name, JsonNode body) {
        requireMembers(body, false);
        return read(name, body);
    }

    /** The definitions of {@code {"attributes": [{"name", ...}]}}; errors as for {@link #definition}. */
    public static List<AttributeDefinition> definitions(JsonNode body) {
        JsonNode attributes = body.path("attributes");
        if (!attributes.isArray()) {
            throw refused("/attributes", "attributes is a list", "Send {\"attributes\": [{\"name\", \"data_type\"}]}.");
        }
        if (attributes.size() > AttributeRegistry.MAX_REGISTRATIONS) {
            throw refused(
                    "/attributes",
                    "at most %,d attributes are registered at a time, not %,d"
                            .formatted(AttributeRegistry.MAX_REGISTRATIONS, attributes.size()),
                    "Send them in several requests.");
        }
        List<AttributeDefinition> definitions = new ArrayList<>();
        for (JsonNode attribute : attributes) {
            try {
                requireMembers(attribute, true);
                definitions.add(read(name(attribute), attribute));
            } catch (AtlasException refused) {
                Problem problem = refused.problem();
                throw problem.at("/attributes/" + definitions.size()
                                + problem.place().orElse(""))
                        .asException(refused);
            }
        }
        return definitions;
    }

    /** The member {@code name}, which is text. */
    public static String name(JsonNode body) {
        return text(body, "name", Integer.MAX_VALUE)
                .orElseThrow(() -> refused("/name", "name is missing", "Say how the attribute is called."));
    }

    private static AttributeDefinition read(String name, JsonNode body) {
        DataType dataType = Optional.ofNullable(body.path("data_type").textValue())
                .flatMap(DataType::ofWireName)
                .orElseThrow(() -> refused(
                        "/data_type", "data_type is missing or unknown", "It is one of number, text, ts, bool, json."));
        return new AttributeDefinition(
                name,
                dataType,
                flag(body, "filterable", true),
                flag(body, "hot", false),
                text(body, "unit", MAX_UNIT_LENGTH),
                text(body, "description", MAX_DESCRIPTION_LENGTH),
                ConstraintsCodec.read(dataType, body.path("constraints")));
    }

    private static void requireMembers(JsonNode body, boolean named) {
        if (!body.isObject()) {
            throw refused("", "an attribute is a JSON object", "Send {\"data_type\": \"number\"}.");
        }
        body.fieldNames().forEachRemaining(member -> {
            if (!MEMBERS.contains(member) && !(named && member.equals("name"))) {
                throw refused(
                        "/" + member,
                        "an attribute has no member '%s'".formatted(member),
                        "It has data_type, filterable, hot, unit, description and constraints.");
            }
        });
    }

    private static boolean flag(JsonNode body, String member, boolean otherwise) {
        JsonNode node = body.path(member);
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw refused("/" + member, member + " is true or false", "Send one of the two, or leave it out.");
        }
        return node.asBoolean(otherwise);
    }

    private static Optional<String> text(JsonNode body, String member, int maxLength) {
        JsonNode node = body.path(member);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        String text = node.textValue();
        if (text == null || text.codePointCount(0, text.length()) > maxLength) {
            throw refused(
                    "/" + member,
                    maxLength == Integer.MAX_VALUE
                            ? member + " is text"
                            : "%s is text of at most %,d characters".formatted(member, maxLength),
                    "Send such a text.");
        }
        return Optional.of(ValueParser.checkText(member, text));
    }

    private static AtlasException refused(String place, String detail, String hint) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail)
                .at(place)
                .hint(hint)
                .asException();
    }
}
