package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads JSON strictly: valid UTF-8, no duplicate members, no NaN, nothing behind the value. Thread-safe. */
public final class JsonInput {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LONGEST = 300;

    private JsonInput() {}

    /**
     * Reads one JSON value.
     *
     * @throws AtlasException {@code invalid_json} that says where the text stops being JSON
     */
    public static JsonNode read(byte[] bytes) {
        String text = utf8(bytes);
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw Problem.of(ErrorCode.INVALID_JSON, "the body is empty where JSON is wanted")
                        .hint("Send a JSON value with Content-Type: application/json.")
                        .asException();
            }
            return node;
        } catch (JsonProcessingException malformed) {
            throw problem(malformed).asException(malformed);
        }
    }

    /** The problem that a failed parse is to the caller. */
    private static Problem problem(JsonProcessingException malformed) {
        String where = malformed.getLocation() == null
                ? ""
                : " at line %d, column %d"
                        .formatted(
                                malformed.getLocation().getLineNr(),
                                malformed.getLocation().getColumnNr());
        String what = malformed instanceof StreamConstraintsException
                ? "the JSON is beyond a limit: " + firstLine(malformed)
                : "this is not JSON: " + firstLine(malformed);
        return Problem.of(ErrorCode.INVALID_JSON, what + where)
                .hint("Send well-formed JSON in UTF-8; NaN and infinities have no JSON form.");
    }

    private static String firstLine(JsonProcessingException malformed) {
        String message = String.valueOf(malformed.getOriginalMessage());
        String line = message.lines().findFirst().orElse("malformed").replaceAll(" \\(start marker at .*", "");
        // A member that is there twice is repeated, however long its name is.
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw Problem.of(ErrorCode.INVALID_JSON, "the text is not valid UTF-8")
                    .hint("Encode the request in UTF-8.")
                    .asException(malformed);
        }
    }
}
