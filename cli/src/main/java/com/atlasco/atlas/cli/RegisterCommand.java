package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.Answer;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas register}. */
@Command(
        name = "register",
        header = "Register an attribute, or change its flags, unit, description and constraints",
        description = {
            "",
            "The attribute is as given afterwards: what is left out has its default. Constraints hold for later writes;"
                    + " stored values stay as they are.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas register score number --hot --unit points",
            "  ./atlas register notes text --not-filterable",
            "  ./atlas register status text --enum active --enum retired --required-for device",
            "  ./atlas register charge number --min 0 --max 100 --unit %",
            "  ./atlas register serial text --pattern '^[A-Z]{2}-[0-9]+$' --max-length 20",
            "",
            "Exit codes: 0 registered, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class RegisterCommand implements Callable<Integer> {

    /** The types, as they are written. */
    enum TypeName {
        number,
        text,
        ts,
        bool,
        json
    }

    private final CliContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "The attribute's name")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES}")
    private TypeName type = TypeName.text;

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Option(names = "--hot", description = "Give it a column of its own in the analytics store")
    private boolean hot;

    @Option(names = "--not-filterable", description = "Operational filters and sorts do not use it")
    private boolean notFilterable;

    @Option(names = "--unit", paramLabel = "UNIT", description = "The unit of its values")
    private Optional<String> unit = Optional.empty();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it means, in a sentence")
    private Optional<String> description = Optional.empty();

    @Option(names = "--enum", paramLabel = "VALUE", description = "A value that there may be; once for each")
    private List<String> allowed = new ArrayList<>();

    @Option(names = "--min", paramLabel = "VALUE", description = "The least number or timestamp")
    private Optional<String> min = Optional.empty();

    @Option(names = "--max", paramLabel = "VALUE", description = "The greatest number or timestamp")
    private Optional<String> max = Optional.empty();

    @Option(
            names = "--pattern",
            paramLabel = "REGEX",
            description = "Has to be found in a text (RE2 syntax; ^ and $ anchor it)")
    private Optional<String> pattern = Optional.empty();

    @Option(names = "--max-length", paramLabel = "N", description = "The most characters of a text")
    private Optional<Integer> maxLength = Optional.empty();

    @Option(
            names = "--required-for",
            paramLabel = "TYPE",
            description = "A type of entities that have to have it; once for each")
    private List<String> requiredFor = new ArrayList<>();

    public RegisterCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode definition = JsonNodeFactory.instance
                .objectNode()
                .put("data_type", type.name())
                .put("filterable", !notFilterable)
                .put("hot", hot);
        unit.ifPresent(text -> definition.put("unit", text));
        description.ifPresent(text -> definition.put("description", text));
        ObjectNode constraints = constraints();
        if (!constraints.isEmpty()) {
            definition.set("constraints", constraints);
        }
        try (HttpApi api = apiOptions.connect()) {
            Answer answer = api.put("/api/v1/attributes/" + HttpApi.segment(name), definition);
            context.out()
                    .println("%s %s %s, attribute_id %s"
                            .formatted(
                                    answer.status() == 201 ? "Registered" : "Is now",
                                    DisplayText.oneLine(name),
                                    answer.body().path("data_type").asText(),
                                    answer.body().path("attribute_id").asText()));
            switch (answer.body().path("pivot_state").asText()) {
                case "filling" ->
                    context.out().println("Its index is being filled; filters can use it when that is done");
                case "emptying" -> context.out().println("Its index is being removed");
                default -> {}
            }
        }
        return ExitCode.OK;
    }

    private ObjectNode constraints() {
        ObjectNode constraints = JsonNodeFactory.instance.objectNode();
        if (!allowed.isEmpty()) {
            ArrayNode values = constraints.putArray("enum");
            allowed.forEach(value -> values.add(value(value)));
        }
        min.ifPresent(value -> constraints.set("min", value(value)));
        max.ifPresent(value -> constraints.set("max", value(value)));
        pattern.ifPresent(value -> constraints.put("pattern", value));
        maxLength.ifPresent(value -> constraints.put("max_length", value));
        if (!requiredFor.isEmpty()) {
            ArrayNode types = constraints.putArray("required_for");
            requiredFor.forEach(types::add);
        }
        return constraints;
    }

    /** A value of the attribute's type; what is none is sent as text, and the server says what it wants. */
    private JsonNode value(String text) {
        JsonNode plain = JsonNodeFactory.instance.textNode(text);
        return switch (type) {
            case number -> {
                try {
                    yield JsonNodeFactory.instance.numberNode(new BigDecimal(text));
                } catch (NumberFormatException notANumber) {
                    yield plain;
                }
            }
            case bool ->
                text.equals("true") || text.equals("false")
                        ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
                        : plain;
            case text, ts, json -> plain;
        };
    }
}
