package com.atlasco.atlas.cli.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A JSON object a line: an entity as the API writes it, or a flat object of attributes. */
final class NdjsonRows implements RowReader.Rows {

    private static final Set<String> ENVELOPE =
            Set.of("op", "entity_id", "entity_type", "attributes", "version", "updated_at");

    private final BufferedReader lines;
    private final ObjectReader json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();
    private long line;

    NdjsonRows(BufferedReader lines) {
        this.lines = lines;
    }

    @Override
    public Optional<Row> next() throws IOException {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            line++;
            if (!text.isBlank()) {
                return Optional.of(row(text));
            }
        }
        return Optional.empty();
    }

    private Row row(String text) {
        JsonNode node;
        try {
            node = json.readTree(text);
        } catch (JsonProcessingException malformed) {
            return new Row.Broken(line, "is not JSON: " + malformed.getOriginalMessage());
        }
        if (!(node instanceof ObjectNode object)) {
            return new Row.Broken(line, "is not a JSON object");
        }
        boolean envelope = object.path("attributes").isObject()
                && object.properties().stream().allMatch(member -> ENVELOPE.contains(member.getKey()));
        return envelope ? new Row.Envelope(line, object) : new Row.Flat(line, object, false);
    }

    @Override
    public long line() {
        return line;
    }
}
