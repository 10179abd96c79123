package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Debezium's offsets, in memory only: what is durable is the analytics store's watermark, from which each run of the
 * engine is seeded. Public, with a public constructor, because Debezium creates it by reflection; its data comes in
 * the configuration.
 *
 * <p>The seed holds {@code lsn} and {@code lsn_commit} but deliberately no {@code lsn_proc}. With it, Debezium would
 * search the log for the record to go on from, read it twice, and drop records by its own reckoning. Without it,
 * streaming starts at {@code lsn}, the server sends every transaction that committed after it, whole, and nothing is
 * filtered: exactly what is needed to resume at the end of a transaction.
 */
public final class WatermarkOffsetStore extends MemoryOffsetBackingStore {

    /** The property with the end of the last whole transaction in the analytics store, as {@link Lsn#toString()}. */
    static final String RESUME_FROM = "atlas.offset.resume.from";

    /** The property with the engine's name, which is part of the key. */
    static final String ENGINE_NAME = "name";

    /** The property with the topic prefix, which is part of the key. */
    static final String TOPIC_PREFIX = "topic.prefix";

    public WatermarkOffsetStore() {}

    @Override
    public void configure(WorkerConfig config) {
        super.configure(config);
        Map<String, String> properties = config.originalsStrings();
        String resumeFrom = properties.get(RESUME_FROM);
        if (resumeFrom != null) {
            long lsn = Lsn.parse(resumeFrom).value();
            // The JSON of Kafka Connect's OffsetStorageReader and -Writer, schemas disabled; names need no escaping.
            String key =
                    "[\"" + properties.get(ENGINE_NAME) + "\",{\"server\":\"" + properties.get(TOPIC_PREFIX) + "\"}]";
            String value = "{\"lsn\":" + lsn + ",\"lsn_commit\":" + lsn + ",\"ts_usec\":0}";
            data.put(encoded(key), encoded(value));
        }
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    private static ByteBuffer encoded(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
