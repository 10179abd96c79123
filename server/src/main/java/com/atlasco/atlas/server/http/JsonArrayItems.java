package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.JsonInput;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.Optional;

/** Items as one JSON array. What is behind a place that is not JSON cannot be read, and the array ends there. */
final class JsonArrayItems implements BatchItems {

    private final JsonParser parser;
    private boolean opened;
    private boolean atEnd;

    JsonArrayItems(RequestStream stream) throws IOException {
        this.parser = JsonInput.parser(stream);
    }

    @Override
    public Optional<Item> next() throws IOException {
        if (atEnd) {
            return Optional.empty();
        }
        try {
            if (!opened) {
                opened = true;
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    return broken(Problem.of(ErrorCode.INVALID_JSON, "a batch is one JSON array of items")
                            .hint("Send [ {item}, … ], or NDJSON with Content-Type: application/x-ndjson."));
                }
            }
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                atEnd = true;
                if (parser.nextToken() != null) {
                    return broken(Problem.of(ErrorCode.INVALID_JSON, "there is something behind the array"));
                }
                return Optional.empty();
            }
            JsonNode node = parser.readValueAsTree();
            return node == null
                    ? broken(Problem.of(ErrorCode.INVALID_JSON, "the array is not closed")
                            .hint("What came before this place has been written."))
                    : Optional.of(new Item.Json(node));
        } catch (JsonProcessingException malformed) {
            return broken(JsonInput.problem(malformed).hint("The items before this place have been written."));
        } catch (CharConversionException malformed) {
            return broken(Problem.of(ErrorCode.INVALID_JSON, "the text is not valid UTF-8")
                    .hint("Encode the request in UTF-8."));
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public boolean ended() {
        return atEnd;
    }

    private Optional<Item> broken(Problem problem) {
        atEnd = true;
        return Optional.of(new Item.Broken(problem));
    }
}
