package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeMap;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the items of a batch, and the bodies of single writes, from their bytes, checked against the registry. Used by one
 * thread.
 *
 * <p>An item that is as it should be is read token by token, straight into values. Whatever else it may be, unusual or
 * wrong, makes that reading give up, and {@link EntityInput#batchRequest} reads the item anew as a tree: so there is one
 * place only that knows what is wrong with an item and how to say it, and only good items are fast.
 */
public final class ItemReader {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            // The symbol table knows the names already; the JVM's would be filled by whoever sends ever new ones.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final Registry registry;
    private final EntityInput anything;

    /** A reader of items as of one moment of the registry. */
    public ItemReader(Registry registry) {
        this.registry = registry;
        this.anything = new EntityInput(registry);
    }

    /**
     * Reads one item.
     *
     * @throws AtlasException when it is not JSON, or cannot be written as it is
     */
    public WriteRequest read(byte[] bytes, int from, int length) {
        return plain(bytes, from, length, parser -> PlainItem.ofBatch(parser, registry))
                .map(WriteRequest::of)
                .orElseGet(() -> anything.batchRequest(JsonInput.read(Arrays.copyOfRange(bytes, from, from + length))));
    }

    /**
     * Reads the body of a request that creates an entity.
     *
     * @throws AtlasException when it is not JSON, or cannot be written as it is
     */
    public EntityWrite create(byte[] body) {
        return plain(body, 0, body.length, parser -> PlainItem.of(parser, registry, "create", Optional.empty()))
                .orElseGet(() -> anything.create(EntityInput.whole(JsonInput.read(body))));
    }

    /** As {@link #create}, of one that replaces it. */
    public EntityWrite replace(long entityId, byte[] body) {
        return plain(body, 0, body.length, parser -> PlainItem.of(parser, registry, "replace", Optional.of(entityId)))
                .orElseGet(() -> anything.replace(entityId, EntityInput.whole(JsonInput.read(body))));
    }

    /** As {@link #create}, of one that changes it. */
    public EntityWrite patch(long entityId, byte[] body) {
        return plain(body, 0, body.length, parser -> PlainItem.of(parser, registry, "patch", Optional.of(entityId)))
                .orElseGet(() -> anything.patch(entityId, EntityInput.partial(JsonInput.read(body))));
    }

    private Optional<EntityWrite> plain(byte[] bytes, int from, int length, Function<JsonParser, PlainItem> kind) {
        // The factory would make out other encodings, by marks and zeros before and behind the brace.
        if (length < 2 || bytes[from] != '{' || bytes[from + 1] == 0 || !Utf8.isValid(bytes, from, length)) {
            return Optional.empty();
        }
        try (JsonParser parser = FACTORY.createParser(bytes, from, length)) {
            return kind.apply(parser).read();
        } catch (IOException | AtlasException other) {
            return Optional.empty();
        }
    }

    /** One item while it is read. */
    private static final class PlainItem {

        private static final int OP = 1;
        private static final int ID = 2;
        private static final int TYPE = 4;
        private static final int ATTRIBUTES = 8;

        private final JsonParser parser;
        private final Registry registry;
        private final boolean ofBatch;
        /** What the path of a single write names. */
        private final Optional<Long> named;

        private int seen;
        private String operation;
        private long entityId;
        private Optional<String> entityType = Optional.empty();
        private AttributeMap<Optional<Value>> changes = AttributeMap.empty();

        private PlainItem(
                JsonParser parser, Registry registry, boolean ofBatch, String operation, Optional<Long> named) {
            this.parser = parser;
            this.registry = registry;
            this.ofBatch = ofBatch;
            this.operation = operation;
            this.named = named;
        }

        static PlainItem ofBatch(JsonParser parser, Registry registry) {
            return new PlainItem(parser, registry, true, "merge", Optional.empty());
        }

        static PlainItem of(JsonParser parser, Registry registry, String operation, Optional<Long> named) {
            return new PlainItem(parser, registry, false, operation, named);
        }

        Optional<EntityWrite> read() throws IOException {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                boolean plain = switch (name) {
                    case "op" -> ofBatch && once(OP) && operation(token);
                    // The one in the path is enough, and where both are they may differ.
                    case "entity_id" -> named.isEmpty() && once(ID) && entityId(token);
                    case "entity_type" -> once(TYPE) && entityType(token);
                    case "attributes" -> once(ATTRIBUTES) && attributes(token);
                    default -> false;
                };
                if (!plain) {
                    return Optional.empty();
                }
            }
            entityId = named.orElse(entityId);
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole ? write() : Optional.empty();
        }

        private boolean once(int member) {
            boolean first = (seen & member) == 0;
            seen |= member;
            return first;
        }

        private boolean operation(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_STRING) {
                operation = parser.getText();
                return true;
            }
            return token == JsonToken.VALUE_NULL;
        }

        private boolean entityId(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                entityId = parser.getLongValue();
                return entityId > 0;
            }
            return token == JsonToken.VALUE_NULL;
        }

        private boolean entityType(JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_STRING) {
                String text = ValueParser.checkText("entity_type", parser.getText());
                entityType = Optional.of(text);
                return EntityInput.isType(text);
            }
            return token == JsonToken.VALUE_NULL;
        }

        private boolean attributes(JsonToken token) throws IOException {
            if (token != JsonToken.START_OBJECT) {
                return false;
            }
            AttributeMap.Builder<Optional<Value>> values = new AttributeMap.Builder<>(12);
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                Optional<AttributeType> type = registry.find(name);
                if (type.isEmpty() || type.get().retired()) {
                    return false;
                }
                boolean absent = parser.nextToken() == JsonToken.VALUE_NULL;
                Optional<Value> value = absent ? Optional.empty() : ValueParser.read(type.get(), parser);
                if ((value.isEmpty() && !absent) || !values.put(type.get().attributeId(), value)) {
                    return false;
                }
            }
            changes = values.build();
            return parser.currentToken() == JsonToken.END_OBJECT;
        }

        private Optional<EntityWrite> write() {
            Optional<Long> id = entityId > 0 ? Optional.of(entityId) : Optional.empty();
            boolean complete = switch (operation) {
                case "create" -> entityType.isPresent();
                case "merge" -> id.isPresent() || entityType.isPresent();
                case "replace" -> id.isPresent() && entityType.isPresent();
                case "patch", "delete" -> id.isPresent();
                default -> false;
            };
            if (!complete) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (operation) {
                        case "create" -> new EntityWrite.Create(id, entityType.get(), document());
                        case "replace" -> new EntityWrite.Replace(entityId, entityType.get(), document());
                        case "patch" -> new EntityWrite.Patch(entityId, entityType, changes);
                        case "delete" -> new EntityWrite.Delete(entityId);
                        default ->
                            id.isPresent()
                                    ? new EntityWrite.Merge(entityId, entityType, changes)
                                    : new EntityWrite.Create(id, entityType.get(), document());
                    });
        }

        private Document document() {
            return Document.empty().with(changes, (absent, given) -> given);
        }
    }
}
