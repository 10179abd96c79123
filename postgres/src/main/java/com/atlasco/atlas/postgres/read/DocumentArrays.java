package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Term;
import java.util.regex.Pattern;

/** Conditions on arrays in a row e of entity; NULL unless both sides are arrays. */
final class DocumentArrays {

    /** An array that holds no arrays. What holds objects is no literal. */
    private static final Pattern FLAT = Pattern.compile("\\[[^\\[]*+]");

    private DocumentArrays() {}

    /**
     * PostgreSQL's containment looks into arrays and objects inside, and finds {@code [[1]]} in {@code [[1, 2]]}; with
     * single values on one side it is that of sets.
     */
    static Sql contains(Term whole, Term part) {
        return isFlat(whole) || isFlat(part)
                ? ifArrays(whole, part, DocumentTerm.of(whole).append(" @> ").append(DocumentTerm.of(part)))
                : ifArrays(
                        whole,
                        part,
                        Sql.of("NOT EXISTS (SELECT FROM jsonb_array_elements(")
                                .append(DocumentTerm.of(part))
                                .append(") AS a(y) WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(")
                                .append(DocumentTerm.of(whole))
                                .append(") AS b(x) WHERE x = y))"));
    }

    static Sql overlap(Term left, Term right) {
        return ifArrays(
                left,
                right,
                Sql.of("EXISTS (SELECT FROM jsonb_array_elements(")
                        .append(DocumentTerm.of(left))
                        .append(") AS a(x), jsonb_array_elements(")
                        .append(DocumentTerm.of(right))
                        .append(") AS b(y) WHERE x = y)"));
    }

    private static Sql ifArrays(Term left, Term right, Sql condition) {
        return Sql.of("(CASE WHEN jsonb_typeof(")
                .append(DocumentTerm.of(left))
                .append(") = 'array' AND jsonb_typeof(")
                .append(DocumentTerm.of(right))
                .append(") = 'array' THEN ")
                .append(condition)
                .append(" END)");
    }

    /** A bracket in a text only costs the faster form. */
    private static boolean isFlat(Term term) {
        return term instanceof Term.Literal(Value.JsonValue(String json))
                && FLAT.matcher(json).matches();
    }
}
