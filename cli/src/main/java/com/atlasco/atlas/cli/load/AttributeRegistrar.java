package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.cli.text.ProblemText;
import com.atlasco.atlas.cli.text.Shell;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The attribute types of a running Atlas, and those that an import adds to them. Used by one thread. */
final class AttributeRegistrar implements RowConverter.Types {

    private static final String PATH = "/api/v1/attributes";

    private final HttpApi api;
    private final ImportOptions options;
    private final Map<String, AttributeType> types = new LinkedHashMap<>();
    private final List<AttributeType> added = new ArrayList<>();
    private final Set<String> retired = new LinkedHashSet<>();

    /** Reads what is registered. */
    AttributeRegistrar(HttpApi api, ImportOptions options) {
        this.api = api;
        this.options = options;
        for (JsonNode attribute : api.get(PATH, Map.of()).body().path("attributes")) {
            String name = attribute.path("name").asText();
            types.put(
                    name,
                    type(name, DataType.ofWireName(attribute.path("data_type").asText())));
            if (attribute.path("retired").booleanValue()) {
                retired.add(name);
            }
        }
    }

    private static AttributeType type(String name, Optional<DataType> dataType) {
        return new AttributeType(
                1,
                name,
                dataType.orElseThrow(() -> new FailureException(
                        "attribute '%s' has a type that this version does not know.".formatted(name))),
                true,
                false,
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public boolean knows(String attribute) {
        return types.containsKey(attribute);
    }

    @Override
    public AttributeType of(String attribute, JsonNode value, boolean text) {
        AttributeType known = types.get(attribute);
        if (known != null) {
            return known;
        }
        if (!options.register()) {
            throw Problem.of(
                            ErrorCode.UNKNOWN_ATTRIBUTE,
                            "attribute '%s' is not registered, and --register is not given".formatted(attribute))
                    .asException();
        }
        ColumnProfile profile = new ColumnProfile();
        profile.observe(value, text);
        return register(attribute, profile.type().orElseThrow());
    }

    /**
     * Registers those columns that are no attributes yet.
     *
     * @throws UnregisteredException when there are some, and they are not to be registered
     * @throws UsageException when a column is of a retired attribute
     */
    void registerMissing(String file, Map<String, DataType> columns) {
        retired.stream().filter(columns::containsKey).findFirst().ifPresent(name -> {
            throw new UsageException(
                    "%s has a column of the attribute '%s', which is retired.%n  hint: bring it back with %s"
                            .formatted(file, name, Shell.commandLine(List.of("./atlas", "retire", name, "--restore"))));
        });
        Map<String, DataType> missing = new LinkedHashMap<>(columns);
        missing.keySet().removeAll(types.keySet());
        if (!missing.isEmpty() && !options.register()) {
            throw new UnregisteredException(file, missing);
        }
        missing.forEach(this::register);
    }

    /**
     * Registers an attribute unless it is registered already, with whatever type.
     *
     * @throws FailureException when the server does not take it
     */
    AttributeType register(String attribute, DataType dataType) {
        AttributeType known = types.get(attribute);
        if (known != null) {
            return known;
        }
        if (!options.dryRun()) {
            define(attribute, JsonNodeFactory.instance.objectNode().put("data_type", dataType.wireName()));
        }
        AttributeType type = type(attribute, Optional.of(dataType));
        types.put(attribute, type);
        added.add(type);
        return type;
    }

    private void define(String attribute, ObjectNode definition) {
        try {
            api.put(PATH + "/" + HttpApi.segment(attribute), definition);
        } catch (ProblemException refused) {
            throw new FailureException(
                    "Attribute '%s' cannot be registered: %s"
                            .formatted(attribute, ProblemText.of(refused.problem(), Optional.empty())),
                    refused);
        }
    }

    /** Those that the import added, in the order in which it did. */
    List<AttributeType> added() {
        return List.copyOf(added);
    }
}
