package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.query.cql2.Shape.Coordinates;
import com.atlasco.atlas.query.cql2.Shape.Kind;
import java.util.List;
import java.util.Optional;

/** Turns GeoJSON's geometries, and bounding boxes, into shapes. */
final class GeoJsonReader {

    private static final String COLLECTION = "GeometryCollection";

    private GeoJsonReader() {}

    static Shape read(JsonTree.Fields object) {
        if (!object.members().containsKey("type")) {
            JsonReader.only(object, "bbox");
            return new Shape.Box(box(JsonReader.member(object, "bbox")));
        }
        JsonTree type = JsonReader.member(object, "type");
        if (!(type instanceof JsonTree.Text(String name, var _)) || !name.equals(COLLECTION)) {
            return simple(object);
        }
        JsonReader.only(object, "type", "geometries");
        JsonTree members = JsonReader.member(object, "geometries");
        return new Shape.Collection(elements(members, "an array of geometries", 1).stream()
                .map(GeoJsonReader::memberOfCollection)
                .toList());
    }

    private static Shape.Simple memberOfCollection(JsonTree tree) {
        if (!(tree instanceof JsonTree.Fields object)) {
            throw JsonReader.expected("a geometry", tree.describe(), tree.position())
                    .asException();
        }
        return simple(object);
    }

    /** A geometry's own bounding box says nothing new: it is checked, and left out. */
    private static Shape.Simple simple(JsonTree.Fields object) {
        JsonReader.only(object, "type", "coordinates", "bbox");
        JsonTree type = JsonReader.member(object, "type");
        Kind kind = Optional.of(type)
                .filter(JsonTree.Text.class::isInstance)
                .flatMap(text -> Kind.ofTypeName(((JsonTree.Text) text).text()))
                .orElseThrow(() -> JsonReader.expected(
                                "a type of GeoJSON such as Point or Polygon", type.describe(), type.position())
                        .asException());
        if (object.members().containsKey("bbox")) {
            box(JsonReader.member(object, "bbox"));
        }
        return new Shape.Simple(kind, coordinates(JsonReader.member(object, "coordinates"), kind, kind.levels()));
    }

    private static Coordinates coordinates(JsonTree tree, Kind kind, int level) {
        if (level == 0) {
            List<String> numbers = numbers(tree, "a position of two or three numbers", 2);
            if (numbers.size() > 3) {
                throw JsonReader.expected(
                                "a position of two or three numbers", Integer.toString(numbers.size()), tree.position())
                        .asException();
            }
            return new Coordinates.Position(numbers);
        }
        int least = kind.least(level);
        return new Coordinates.Group(elements(tree, "an array of at least " + least, least).stream()
                .map(member -> coordinates(member, kind, level - 1))
                .toList());
    }

    private static List<String> box(JsonTree tree) {
        List<String> bounds = numbers(tree, "four numbers, or six with heights", 4);
        if (bounds.size() != 4 && bounds.size() != 6) {
            throw JsonReader.expected(
                            "four numbers, or six with heights", Integer.toString(bounds.size()), tree.position())
                    .asException();
        }
        return bounds;
    }

    private static List<String> numbers(JsonTree tree, String wanted, int least) {
        return elements(tree, wanted, least).stream()
                .map(element -> {
                    if (!(element instanceof JsonTree.Numeral(String number, var _))) {
                        throw JsonReader.expected("a number", element.describe(), element.position())
                                .asException();
                    }
                    return Numerals.canonical(number);
                })
                .toList();
    }

    private static List<JsonTree> elements(JsonTree tree, String wanted, int least) {
        if (!(tree instanceof JsonTree.Items(var elements, var _))) {
            throw JsonReader.expected(wanted, tree.describe(), tree.position()).asException();
        }
        if (elements.size() < least) {
            throw JsonReader.expected(wanted, Integer.toString(elements.size()), tree.position())
                    .asException();
        }
        return elements;
    }
}
