package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.text.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The command lines that are printed when everything is up, to be pasted into a shell. */
final class Welcome {

    private final String url;

    /**
     * Lines for a server.
     *
     * @param url without a slash at its end
     */
    Welcome(String url) {
        this.url = url;
    }

    /** What to do with the sample data: one filter, one aggregate, one attribute of one entity. */
    List<Example> overSampleData() {
        return List.of(
                new Example(
                        "The flights of United that left more than two hours late, the latest first",
                        List.of(
                                "curl",
                                "-sG",
                                url + "/api/v1/entities",
                                "--data-urlencode",
                                "filter=carrier = 'UA' AND departure_delay > 120",
                                "--data-urlencode",
                                "sortby=-departure_delay",
                                "--data-urlencode",
                                "properties=name,destination,departure_delay",
                                "-d",
                                "limit=5")),
                new Example(
                        "Completed flights and their mean delay, by weekday",
                        List.of(
                                "curl",
                                "-s",
                                url + "/api/v1/analytics/aggregate",
                                "-H",
                                "Content-Type: application/json",
                                "-d",
                                """
                                {"filter":"cancelled = FALSE","group_by":[{"attribute":"weekday"}],\
                                "metrics":[{"op":"count"},{"op":"avg","attribute":"departure_delay"}]}""")),
                new Example(
                        "One attribute of one airline",
                        List.of("curl", "-s", url + "/api/v1/entities/102/average_departure_delay")));
    }

    /** What to do with an empty store: register, write, read. */
    List<Example> overNothing() {
        return List.of(
                new Example(
                        "Register an attribute",
                        List.of(
                                "curl",
                                "-s",
                                "-X",
                                "PUT",
                                url + "/api/v1/attributes/score",
                                "-H",
                                "Content-Type: application/json",
                                "-d",
                                "{\"data_type\":\"number\"}")),
                new Example(
                        "Write an entity",
                        List.of(
                                "curl",
                                "-s",
                                "-X",
                                "PUT",
                                url + "/api/v1/entities/1",
                                "-H",
                                "Content-Type: application/json",
                                "-d",
                                "{\"entity_type\":\"player\",\"attributes\":{\"score\":87.5}}")),
                new Example(
                        "Read what a filter keeps",
                        List.of(
                                "curl",
                                "-sG",
                                url + "/api/v1/entities",
                                "--data-urlencode",
                                "filter=entity_type = 'player' AND score > 80")));
    }

    /** What works where keys are asked for. */
    List<Example> withKeys(Optional<Path> keyFile) {
        List<String> operator = Stream.concat(
                        Stream.of("--url", url),
                        keyFile.stream().flatMap(file -> Stream.of("--api-key-file", file.toString())))
                .toList();
        return List.of(
                example("Create a tenant", List.of("tenant", "create", "acme"), operator),
                example("Create a key for it", List.of("tenant", "key", "create", "2", "--name", "mine"), operator),
                example("Look at all of them", List.of("tenant", "list"), operator));
    }

    private static Example example(String purpose, List<String> command, List<String> options) {
        return new Example(
                purpose,
                Stream.of(List.of("./atlas"), command, options)
                        .flatMap(List::stream)
                        .toList());
    }

    /**
     * One command.
     *
     * @param arguments as the program gets them
     */
    record Example(String purpose, List<String> arguments) {

        /** The command as a shell takes it. */
        String commandLine() {
            return Shell.commandLine(arguments);
        }
    }
}
