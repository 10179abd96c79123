package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.postgres.Migrations;
import com.atlasco.atlas.postgres.check.PivotCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestCluster.class)
class PivotCheckIT {

    private static final String DOCUMENT =
            "{\"1\": 12.5, \"2\": \"text\", \"3\": {\"ts\": 1700000000000001}, \"4\": true, \"5\": {\"json\": [1, 2]}}";

    private final TestDatabase database;

    PivotCheckIT(TestDatabase database) {
        this.database = database;
    }

    @Test
    void findsWhatIsMissingAndWhatIsTooMuchInEveryType() throws SQLException {
        Migrations.migrate(
                database.jdbcUrl(), database.superuser(), database.password(), "pivot_check_service", "secret");
        try (Connection connection = database.connectAsSuperuser();
                Statement sql = connection.createStatement()) {
            sql.execute("""
                    INSERT INTO attr_type (tenant_id, attribute_id, name, data_type, filterable, hot, pivot_state, retired)
                    VALUES (1, 1, 'a', 'number', true, false, 'ready', false),
                           (1, 2, 'b', 'text', true, false, 'ready', false),
                           (1, 3, 'c', 'ts', true, false, 'ready', false),
                           (1, 4, 'd', 'bool', true, false, 'ready', false),
                           (1, 5, 'e', 'json', true, false, 'ready', false),
                           (1, 6, 'f', 'number', false, false, 'none', false),
                           (1, 7, 'retired', 'number', true, false, 'none', true),
                           (1, 8, 'filling', 'number', true, false, 'filling', false),
                           (1, 9, 'emptying', 'number', false, false, 'emptying', false)""");
            sql.execute("""
                    INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
                    VALUES (1, 7, 't', 1, '%s'::jsonb || '{"6": 3, "7": 3, "8": 3, "9": 3}', '{}', now())""".formatted(DOCUMENT));
            PivotCheck.Report without = check();
            assertThat(without.missing()).isEqualTo(5);
            assertThat(without.byType().values()).allMatch(counts -> counts.missing() == 1 && counts.surplus() == 0);

            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number) VALUES (1, 1, 7, 12.5)");
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_text) VALUES (1, 2, 7, 'text')");
            sql.execute("INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_ts)"
                    + " VALUES (1, 3, 7, '2023-11-14T22:13:20.000001Z')");
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_bool) VALUES (1, 4, 7, true)");
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_jsonb) VALUES (1, 5, 7, '[1,2]')");
            assertThat(check().isEqual()).isTrue();
            assertThat(check().values()).isEqualTo(5);

            // Of an attribute that is being filled or emptied a row may be there or not.
            sql.execute("INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number)"
                    + " VALUES (1, 8, 7, 3), (1, 9, 7, 3)");
            assertThat(check().isEqual()).isTrue();
            // One of a retired attribute may not.
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number) VALUES (1, 7, 7, 3)");
            assertThat(check().surplus()).isEqualTo(1);
            sql.execute("DELETE FROM entity_attribute WHERE attribute_id = 7");

            // The same row twice, another value, and a value of an attribute that is not filterable.
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_bool) VALUES (1, 4, 7, true)");
            sql.execute("UPDATE entity_attribute SET value_text = 'other' WHERE attribute_id = 2");
            sql.execute(
                    "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number) VALUES (1, 6, 7, 3)");
            PivotCheck.Report wrong = check();
            assertThat(wrong.byType()).containsEntry(DataType.BOOL, new PivotCheck.Counts(1, 0, 1));
            assertThat(wrong.byType()).containsEntry(DataType.TEXT, new PivotCheck.Counts(1, 1, 1));
            assertThat(wrong.byType()).containsEntry(DataType.NUMBER, new PivotCheck.Counts(1, 0, 1));
        }
    }

    private PivotCheck.Report check() {
        return PivotCheck.run(database.jdbcUrl(), database.superuser(), database.password());
    }
}
