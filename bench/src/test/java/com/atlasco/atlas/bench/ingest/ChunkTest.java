package com.atlasco.atlas.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkTest {

    private final Dataset dataset = new Dataset(42, 10);
    private final Tenant tenant = new Tenant(7, List.of(11, 12, 13, 14, 15, 16, 17, 18, 19, 20));

    @Test
    void entitiesFollowFromSeedTenantAndId() {
        assertThat(new Dataset(42, 10).values(7, 5)).isEqualTo(dataset.values(7, 5));
        assertThat(dataset.values(8, 5)).isNotEqualTo(dataset.values(7, 5));
        assertThat(new Dataset(43, 10).values(7, 5)).isNotEqualTo(dataset.values(7, 5));
    }

    @Test
    void aDocumentHoldsEveryValueUnderItsAttributesId() {
        Chunk chunk = Chunk.of(dataset, tenant, 1, 3);

        List<Value> values = chunk.entities().get(2).values();
        var document = DocumentCodec.decode(chunk.documents().get(2));
        assertThat(document.values()).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(document.find(tenant.attributeIds().get(i))).contains(values.get(i));
        }
    }

    @Test
    void pivotRowsAreInTheOrderOfTheIndexes() {
        List<Chunk.PivotRow> rows = Chunk.of(dataset, tenant, 1, 200).pivot();

        assertThat(rows).hasSize(2_000);
        assertThat(rows).extracting(Chunk.PivotRow::attributeId).isSorted();
        assertThat(rows.stream()
                        .filter(row -> row.attributeId() == 11)
                        .map(row -> ((Value.NumberValue) row.value()).number()))
                .isSorted();
        assertThat(rows.stream()
                        .filter(row -> row.attributeId() == 14)
                        .map(row -> ((Value.BoolValue) row.value()).bool()))
                .isSorted();
    }
}
