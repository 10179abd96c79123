package com.atlasco.atlas.query.filter;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a filter, a sort or an aggregate may name: an attribute, or a property that every entity has. */
public sealed interface Property {

    /** The name in requests and answers. */
    String wireName();

    DataType dataType();

    /** A registered attribute; absent on an entity means NULL. */
    record Attribute(AttributeType type) implements Property {
        @Override
        public String wireName() {
            return type.name();
        }

        @Override
        public DataType dataType() {
            return type.dataType();
        }
    }

    /** A property of the entity itself; never NULL. Its name cannot be registered as an attribute. */
    enum Intrinsic implements Property {
        ENTITY_ID(DataType.NUMBER),
        ENTITY_TYPE(DataType.TEXT),
        VERSION(DataType.NUMBER),
        UPDATED_AT(DataType.TS);

        private final DataType dataType;

        Intrinsic(DataType dataType) {
            this.dataType = dataType;
        }

        @Override
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public DataType dataType() {
            return dataType;
        }

        public static Optional<Intrinsic> ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(property -> property.wireName().equals(name))
                    .findFirst();
        }
    }
}
