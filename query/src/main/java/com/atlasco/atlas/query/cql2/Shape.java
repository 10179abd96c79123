package com.atlasco.atlas.query.cql2;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A literal of a geometry or of a bounding box; its numbers are kept as they are written. */
sealed interface Shape {

    /** Parentheses around the deepest numbers, for the limit of nesting. */
    int DEPTH = 5;

    /** In well-known text. */
    String text();

    /** What it is called in well-known text. */
    String tag();

    /** A position, or a list of what is one level below. */
    sealed interface Coordinates {
        /** Two or three numbers. */
        record Position(List<String> numbers) implements Coordinates {
            public Position {
                numbers = List.copyOf(numbers);
            }
        }

        record Group(List<Coordinates> members) implements Coordinates {
            public Group {
                members = List.copyOf(members);
            }
        }
    }

    /** The coordinates have the levels of their kind. A polygon without a ring is empty. */
    record Simple(Kind kind, Coordinates coordinates) implements Shape {

        @Override
        public String tag() {
            return kind.tag();
        }

        @Override
        public String text() {
            return tag() + (isSpatial(coordinates) ? " Z" : "") + parenthesized(coordinates);
        }

        private static boolean isSpatial(Coordinates coordinates) {
            return switch (coordinates) {
                case Coordinates.Position(var numbers) -> numbers.size() == 3;
                case Coordinates.Group(var members) -> members.stream().anyMatch(Simple::isSpatial);
            };
        }

        /** A point stands in parentheses where no line does around it: alone, and in a multipoint. */
        private String parenthesized(Coordinates part) {
            return switch (part) {
                case Coordinates.Position(var numbers) -> {
                    String position = String.join(" ", numbers);
                    yield kind == Kind.POINT || kind == Kind.MULTIPOINT ? "(" + position + ")" : position;
                }
                case Coordinates.Group(var members) when members.isEmpty() -> "(EMPTY)";
                case Coordinates.Group(var members) ->
                    members.stream().map(this::parenthesized).collect(Collectors.joining(", ", "(", ")"));
            };
        }
    }

    /** At least one member. */
    record Collection(List<Simple> members) implements Shape {
        public Collection {
            members = List.copyOf(members);
        }

        @Override
        public String tag() {
            return "GEOMETRYCOLLECTION";
        }

        @Override
        public String text() {
            return members.stream().map(Simple::text).collect(Collectors.joining(", ", tag() + "(", ")"));
        }
    }

    /** Four numbers, or six with heights. */
    record Box(List<String> bounds) implements Shape {
        public Box {
            bounds = List.copyOf(bounds);
        }

        @Override
        public String tag() {
            return "BBOX";
        }

        @Override
        public String text() {
            return tag() + "(" + String.join(", ", bounds) + ")";
        }
    }

    enum Kind {
        POINT("Point", 0),
        LINESTRING("LineString", 1),
        POLYGON("Polygon", 2),
        MULTIPOINT("MultiPoint", 1),
        MULTILINESTRING("MultiLineString", 2),
        MULTIPOLYGON("MultiPolygon", 3);

        private final String typeName;
        private final int levels;

        Kind(String typeName, int levels) {
            this.typeName = typeName;
            this.levels = levels;
        }

        /** In GeoJSON. */
        String typeName() {
            return typeName;
        }

        /** How many lists are around a position in GeoJSON. */
        int levels() {
            return levels;
        }

        /** In well-known text. */
        String tag() {
            return name().toUpperCase(Locale.ROOT);
        }

        /** How many members a list that holds this many levels has at least. */
        int least(int level) {
            boolean line = this == LINESTRING || this == MULTILINESTRING;
            boolean ring = this == POLYGON || this == MULTIPOLYGON;
            if (level > 1) {
                return ring && level == 2 ? 0 : 1;
            }
            return line ? 2 : ring ? 4 : 1;
        }

        static Optional<Kind> ofTypeName(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.typeName.equals(name))
                    .findFirst();
        }
    }
}
