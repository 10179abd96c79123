package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Lsn;
import io.debezium.config.Configuration;
import io.debezium.embedded.EmbeddedWorkerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.OffsetStorageReaderImpl;
import org.junit.jupiter.api.Test;

class WatermarkOffsetStoreTest {

    @Test
    void kafkaConnectReadsTheSeedAsAnOffsetAtTheEndOfATransaction() {
        Map<String, Object> offset = read(Optional.of("16/B374D848"));
        assertThat(offset).containsEntry("lsn", 0x16_B374_D848L).containsEntry("lsn_commit", 0x16_B374_D848L);
        // With lsn_proc, Debezium would search the log and filter records by itself.
        assertThat(offset).doesNotContainKey("lsn_proc");
    }

    @Test
    void withoutASeedThereIsNoOffset() {
        assertThat(read(Optional.empty())).isEmpty();
    }

    private static Map<String, Object> read(Optional<String> resumeFrom) {
        Properties properties = ConnectorProperties.of(
                CaptureSettings.of("localhost", 5432, "atlas", "atlas", "secret"),
                new CaptureSettings.Server("localhost", 5432),
                resumeFrom.map(Lsn::parse).orElse(Lsn.ZERO));
        if (resumeFrom.isEmpty()) {
            properties.remove(WatermarkOffsetStore.RESUME_FROM);
        }
        Map<String, String> configuration =
                new HashMap<>(Configuration.from(properties).asMap());
        configuration.put("key.converter", JsonConverter.class.getName());
        configuration.put("value.converter", JsonConverter.class.getName());
        WatermarkOffsetStore store = new WatermarkOffsetStore();
        store.configure(new EmbeddedWorkerConfig(configuration));
        store.start();
        try {
            Map<String, Object> offset = new OffsetStorageReaderImpl(store, "atlas", converter(true), converter(false))
                    .offset(Map.of("server", "atlas"));
            return offset == null ? Map.of() : offset;
        } finally {
            store.stop();
        }
    }

    private static JsonConverter converter(boolean key) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "false"), key);
        return converter;
    }
}
