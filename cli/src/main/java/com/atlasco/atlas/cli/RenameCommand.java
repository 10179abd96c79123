package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code atlas rename}. */
@Command(
        name = "rename",
        header = "Give an attribute another name",
        footer = {
            "",
            "Examples:",
            "  ./atlas rename scor score",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class RenameCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "The attribute's name")
    private String name = "";

    @Parameters(index = "1", paramLabel = "NEW_NAME", description = "Its new name")
    private String newName = "";

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    public RenameCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = apiOptions.connect()) {
            String path = "/api/v1/attributes/" + HttpApi.segment(name);
            api.post(path + "/rename", JsonNodeFactory.instance.objectNode().put("name", newName), Map.of());
            context.out()
                    .println("Renamed %s to %s".formatted(DisplayText.oneLine(name), DisplayText.oneLine(newName)));
        }
        return ExitCode.OK;
    }
}
