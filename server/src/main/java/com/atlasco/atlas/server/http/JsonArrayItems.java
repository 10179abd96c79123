package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.JsonInput;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Items as one JSON array. What is behind a place that is not JSON cannot be read, and the array ends there. */
final class JsonArrayItems implements BatchItems {

    private final Metered stream;
    private final JsonParser parser;
    private boolean opened;
    private boolean atEnd;

    JsonArrayItems(RequestStream stream) throws IOException {
        this.stream = new Metered(stream);
        this.parser = JsonInput.parser(this.stream);
    }

    /** Refuses to read on when one item takes more than it may, give or take what the parser reads ahead. */
    private static final class Metered extends FilterInputStream {

        private int count;

        Metered(InputStream stream) {
            super(stream);
        }

        void itemBegins() {
            count = 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (count > MAX_ITEM_BYTES) {
                throw new ItemTooLongException();
            }
            int read = super.read(target, offset, length);
            count += Math.max(read, 0);
            return read;
        }
    }

    private static final class ItemTooLongException extends IOException {
        private static final long serialVersionUID = 1L;
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
            stream.itemBegins();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                atEnd = true;
                if (parser.nextToken() != null) {
                    return broken(Problem.of(ErrorCode.INVALID_JSON, "there is something behind the array"));
                }
                return Optional.empty();
            }
            long begin = parser.currentTokenLocation().getByteOffset();
            JsonNode node = parser.readValueAsTree();
            return node == null
                    ? broken(Problem.of(ErrorCode.INVALID_JSON, "the array is not closed")
                            .hint("What came before this place has been written."))
                    : Optional.of(
                            new Item.Json(node, (int) (parser.currentLocation().getByteOffset() - begin)));
        } catch (JsonProcessingException malformed) {
            return broken(JsonInput.problem(malformed).hint("The items before this place have been written."));
        } catch (ItemTooLongException tooLong) {
            return broken(BatchItems.tooLong());
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
