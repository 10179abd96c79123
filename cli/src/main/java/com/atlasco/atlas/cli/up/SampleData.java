package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.load.ImportInput;
import com.atlasco.atlas.cli.load.ImportOptions;
import com.atlasco.atlas.cli.load.ImportSummary;
import com.atlasco.atlas.cli.load.ImportTally;
import com.atlasco.atlas.cli.load.Importer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** The sample data in this module's resources: flights from New York City in 2013. */
final class SampleData {

    private static final String DIRECTORY = "/com/atlasco/atlas/cli/sample/";

    private final ObjectMapper mapper = new ObjectMapper();

    /** Registers its attributes and merges its entities; doing it again changes nothing. */
    ImportSummary load(HttpApi api, Importer.Observer observer, LongSupplier ticker) throws InterruptedException {
        attributes().forEach(attribute -> register(api, attribute));
        ImportSummary summary = new Importer(
                        api, entities(), ImportOptions.defaults(), new ImportTally(), observer, ticker)
                .runRegistered();
        if (summary.figures().refused() > 0) {
            ImportTally.RefusedLine first = summary.figures().firstRefused().getFirst();
            throw new FailureException("The sample data was not taken: %d lines were refused, the first, line %d: %s"
                    .formatted(summary.figures().refused(), first.line(), first.problem()));
        }
        return summary;
    }

    private static void register(HttpApi api, ObjectNode attribute) {
        String name = attribute.path("name").asText();
        ObjectNode definition = attribute.deepCopy();
        definition.remove("name");
        api.put("/api/v1/attributes/" + HttpApi.segment(name), definition);
    }

    /** The definitions, each with its name. */
    List<ObjectNode> attributes() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(resource("attributes.ndjson").openStream(), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(this::object)
                    .toList();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private ObjectNode object(String line) {
        try {
            JsonNode node = mapper.readTree(line);
            return (ObjectNode) node;
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static ImportInput entities() {
        URL url = resource("entities.ndjson.gz");
        try (InputStream stream = url.openStream()) {
            long size = stream.transferTo(OutputStream.nullOutputStream());
            return new ImportInput("entities.ndjson.gz", true, OptionalLong.of(size), url::openStream);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(SampleData.class.getResource(DIRECTORY + name), name);
    }
}
