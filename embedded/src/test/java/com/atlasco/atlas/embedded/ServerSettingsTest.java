package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerSettingsTest {

    private static final long GIBIBYTE = 1L << 30;
    private static final Memory LARGE = new Memory(64 * GIBIBYTE, 32 * GIBIBYTE);
    private static final Disk ROOMY = new Disk(1_000 * GIBIBYTE);
    private static final DataLayout LAYOUT = new DataLayout(Path.of("/data"));
    private static final PostgresEndpoint PRIMARY = new PostgresEndpoint("127.0.0.1", 4711, "atlas", "atlas", "abc123");

    @Test
    void nothingMayBeLostByDefault() {
        assertThat(new ServerSettings(LARGE, ROOMY, Map.of(), false, 1).primary(4711, LAYOUT))
                .contains("fsync = 'on'\n")
                .contains("synchronous_commit = 'on'\n")
                .contains("full_page_writes = 'on'\n")
                .contains("wal_level = 'logical'\n")
                .contains("max_slot_wal_keep_size = '16GB'\n")
                .contains("listen_addresses = '127.0.0.1'\n")
                .contains("unix_socket_directories = ''\n")
                .contains("port = '4711'\n")
                .doesNotContain("primary_conninfo");
    }

    @Test
    void replicaKnowsItsPrimaryAndItsSlot() {
        assertThat(new ServerSettings(LARGE, ROOMY, Map.of(), false, 1).replica(1, 4712, PRIMARY, LAYOUT))
                .contains("port = '4712'\n")
                .contains("primary_conninfo = 'host=127.0.0.1 port=4711 dbname=" + PRIMARY.database()
                        + " user=atlas password=abc123"
                        + " application_name=atlas_replica ")
                .contains("primary_slot_name = 'atlas_replica'\n")
                .contains("sync_replication_slots = 'on'\n")
                .contains("wal_receiver_status_interval = '1s'\n");
    }

    @Test
    void everyReplicaHasASlotOfItsOwnAndAnyMayBeTheSynchronousOne() {
        ServerSettings settings = new ServerSettings(LARGE, ROOMY, Map.of(), true, 3);
        assertThat(settings.primary(4711, LAYOUT))
                .contains("synchronous_standby_names = 'FIRST 1 (atlas_replica, atlas_replica_2, atlas_replica_3)'\n");
        assertThat(settings.replica(2, 4712, PRIMARY, LAYOUT))
                .contains(" application_name=atlas_replica_2 ")
                .contains("primary_slot_name = 'atlas_replica_2'\n")
                .contains("log_filename = 'replica-2-%a.log'\n")
                .doesNotContain("synchronous_standby_names");
    }

    @Test
    void extraSettingsOverrideOnceAndAreQuoted() {
        String text = new ServerSettings(LARGE, ROOMY, Map.of("jit", "on", "search_path", "it's\\here"), false, 1)
                .primary(1, LAYOUT);
        assertThat(text)
                .containsOnlyOnce("jit = ")
                .contains("jit = 'on'\n")
                .contains("search_path = 'it''s\\\\here'\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"port", "listen_addresses", "primary_conninfo", "Work_Mem", "a b", "x=1\nfsync", ""})
    void settingsThatAreNotTheCallersAreRefused(String name) {
        assertThatThrownBy(() -> new ServerSettings(LARGE, ROOMY, Map.of(name, "1"), false, 1))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void memoryIsScaledAndCapped() {
        assertThat(LARGE.sharedBuffers(2)).isEqualTo("4096MB");
        assertThat(new Memory(4 * GIBIBYTE, 0).sharedBuffers(1)).isEqualTo("256MB");
        assertThat(new Memory(4 * GIBIBYTE, 0).sharedBuffers(4)).isEqualTo("128MB");
        assertThat(new Memory(4 * GIBIBYTE, 0).sharedBuffers(2)).isEqualTo("256MB");
        assertThat(new Memory(GIBIBYTE / 2, 0).sharedBuffers(2)).isEqualTo("64MB");
        assertThat(new Memory(GIBIBYTE, 64L << 20).dynamicSharedMemoryType()).isEqualTo("mmap");
        assertThat(LARGE.dynamicSharedMemoryType()).isEqualTo("posix");
    }

    @Test
    void theLogIsBoundedByTheRoomThereIs() {
        assertThat(ROOMY.longestLog()).isEqualTo("8GB");
        assertThat(new Disk(40 * GIBIBYTE).longestLog()).isEqualTo("5GB");
        assertThat(new Disk(40 * GIBIBYTE).longestLogKept()).isEqualTo("10GB");
        assertThat(new Disk(0).longestLog()).isEqualTo("2GB");
        assertThat(new Disk(0).longestLogKept()).isEqualTo("4GB");
    }

    @Test
    void aDirectoryThatIsNotThereYetLiesOnItsParentsDisk(@TempDir Path directory) {
        assertThat(Disk.under(directory.resolve("not/yet")).freeBytes()).isPositive();
    }
}
