package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas retire}. */
@Command(
        name = "retire",
        header = "Take an attribute out of use, or bring it back",
        footer = {
            "",
            "Examples:",
            "  ./atlas retire score",
            "  ./atlas retire score --restore",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class RetireCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "The attribute's name")
    private String name = "";

    @Option(names = "--restore", description = "Bring it back")
    private boolean restore;

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    public RetireCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = apiOptions.connect()) {
            String path = "/api/v1/attributes/" + HttpApi.segment(name);
            if (restore) {
                api.post(path + "/restore", JsonNodeFactory.instance.objectNode(), Map.of());
            } else {
                api.delete(path);
            }
            context.out()
                    .println("%s is %s".formatted(DisplayText.oneLine(name), restore ? "in use again" : "retired"));
        }
        return ExitCode.OK;
    }
}
