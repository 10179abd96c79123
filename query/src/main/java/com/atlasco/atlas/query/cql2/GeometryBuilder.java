package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.query.cql2.Shape.Coordinates;
import com.atlasco.atlas.query.cql2.Shape.Kind;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Turns ANTLR's parse tree of well-known text into shapes. */
final class GeometryBuilder {

    private GeometryBuilder() {}

    static Shape of(Cql2Parser.GeometryContext tree, SourceText source) {
        if (tree.BBOX() != null) {
            if (tree.signedNumber().size() == 5) {
                throw Operands.syntax(
                        "expected four numbers, or six with heights, found five", source.position(tree.getStart()));
            }
            return new Shape.Box(
                    tree.signedNumber().stream().map(GeometryBuilder::number).toList());
        }
        List<Shape.Simple> members =
                tree.simpleGeometry().stream().map(GeometryBuilder::simple).toList();
        return tree.GEOMETRYCOLLECTION() == null ? members.getFirst() : new Shape.Collection(members);
    }

    private static Shape.Simple simple(Cql2Parser.SimpleGeometryContext tree) {
        Kind kind = Kind.valueOf(tree.getStart().getText().toUpperCase(Locale.ROOT));
        return new Shape.Simple(
                kind,
                switch (kind) {
                    case POINT -> position(tree.pointText(0).point());
                    case LINESTRING -> line(tree.lineStringText(0));
                    case POLYGON -> polygon(tree.polygonText(0));
                    case MULTIPOINT -> group(tree.pointText(), point -> position(point.point()));
                    case MULTILINESTRING -> group(tree.lineStringText(), GeometryBuilder::line);
                    case MULTIPOLYGON -> group(tree.polygonText(), GeometryBuilder::polygon);
                });
    }

    private static Coordinates line(Cql2Parser.LineStringTextContext tree) {
        return group(tree.point(), GeometryBuilder::position);
    }

    /** A ring that is EMPTY is none. */
    private static Coordinates polygon(Cql2Parser.PolygonTextContext tree) {
        return group(
                tree.linearRing().stream().filter(ring -> ring.EMPTY() == null).toList(),
                ring -> group(ring.point(), GeometryBuilder::position));
    }

    private static <T> Coordinates group(List<T> parts, Function<T, Coordinates> read) {
        return new Coordinates.Group(parts.stream().map(read).toList());
    }

    private static Coordinates position(Cql2Parser.PointContext tree) {
        return new Coordinates.Position(
                tree.signedNumber().stream().map(GeometryBuilder::number).toList());
    }

    private static String number(Cql2Parser.SignedNumberContext tree) {
        String sign = tree.MINUS() == null ? "" : "-";
        return Numerals.canonical(sign + tree.NUMBER().getText());
    }
}
