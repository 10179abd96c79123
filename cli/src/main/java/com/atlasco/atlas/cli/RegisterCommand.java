package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.Answer;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas register}. */
@Command(
        name = "register",
        header = "Register an attribute, or change its flags, unit and description",
        footer = {
            "",
            "Examples:",
            "  ./atlas register score number --hot --unit points",
            "  ./atlas register notes text --not-filterable",
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
        try (HttpApi api = apiOptions.connect()) {
            Answer answer = api.put("/api/v1/attributes/" + HttpApi.segment(name), definition);
            context.out()
                    .println("%s %s %s, attribute_id %s"
                            .formatted(
                                    answer.status() == 201 ? "Registered" : "Is now",
                                    DisplayText.oneLine(name),
                                    answer.body().path("data_type").asText(),
                                    answer.body().path("attribute_id").asText()));
        }
        return ExitCode.OK;
    }
}
