package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Folding;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What PostgreSQL finds filters to be for each entity of a tenant, many filters in one statement. */
public final class DocumentTruths {

    private DocumentTruths() {}

    /** A list per entity, in the order of their ids, of each filter's truth; empty is unknown. */
    public static List<List<Optional<Boolean>>> of(Database database, TenantId tenant, List<Filter> filters) {
        return database.run(tenant, session -> {
            Sql sql = Sql.of("SELECT ")
                    .append(Sql.join(
                            ", ", filters.stream().map(DocumentPredicate::of).toList()))
                    .append(" FROM entity e WHERE e.tenant_id = ?::bigint ORDER BY e.entity_id", tenant.value());
            try (PreparedStatement statement = sql.prepare(session);
                    ResultSet rows = statement.executeQuery()) {
                List<List<Optional<Boolean>>> truths = new ArrayList<>();
                while (rows.next()) {
                    List<Optional<Boolean>> row = new ArrayList<>();
                    for (int i = 1; i <= filters.size(); i++) {
                        boolean truth = rows.getBoolean(i);
                        row.add(rows.wasNull() ? Optional.empty() : Optional.of(truth));
                    }
                    truths.add(row);
                }
                return truths;
            }
        });
    }

    /** Texts, folded. */
    public static List<String> folded(Database database, Folding folding, List<String> texts) {
        return database.run(session -> {
            Sql sql = Sql.of("SELECT ")
                    .append(DocumentTerm.folded(folding, Sql.of("x")))
                    .append(
                            " FROM unnest(?::text[]) WITH ORDINALITY t(x, o) ORDER BY o",
                            new Sql.ArrayOf("text", texts));
            try (PreparedStatement statement = sql.prepare(session);
                    ResultSet rows = statement.executeQuery()) {
                List<String> folded = new ArrayList<>();
                while (rows.next()) {
                    folded.add(rows.getString(1));
                }
                return folded;
            }
        });
    }
}
