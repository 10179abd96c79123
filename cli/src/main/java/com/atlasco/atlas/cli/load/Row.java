package com.atlasco.atlas.cli.load;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a line of a file holds. Lines are counted from 1; a record of several lines has the number of its first. */
sealed interface Row {

    long line();

    /**
     * Attributes by name, and perhaps the id and the type among them.
     *
     * @param text whether every value is a string whose type is to be made out, as in CSV
     */
    record Flat(long line, ObjectNode members, boolean text) implements Row {}

    /** An entity as the API writes it: {@code entity_id}, {@code entity_type}, {@code attributes}. */
    record Envelope(long line, ObjectNode entity) implements Row {
        ObjectNode attributes() {
            return (ObjectNode) entity.get("attributes");
        }
    }

    /** A line that cannot be read. */
    record Broken(long line, String problem) implements Row {}
}
