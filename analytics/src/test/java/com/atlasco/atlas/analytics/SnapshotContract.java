package com.atlasco.atlas.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.history.HistoryEntry;
import com.atlasco.atlas.query.history.HistoryQuery;
import com.atlasco.atlas.query.interpret.InMemoryReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every analytics store does with snapshots: random programs, in which the primary changes, changes arrive late, and
 * chunks are read early and brought late, leave what the primary holds.
 */
public abstract class SnapshotContract {

    private static final SnapshotScope EVERYTHING = new SnapshotScope.Everything();

    @TempDir
    private Path directory;

    private AnalyticsStore store;
    private Random random = new Random(0);
    private PrimaryModel primary = new PrimaryModel(random);
    private final Deque<ChangeBatch> log = new ArrayDeque<>();

    /** Opens the store of this directory, with what an earlier one left there. */
    protected abstract AnalyticsStore open(Path storeDirectory);

    @BeforeEach
    void openStore() {
        store = open(directory);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void seed(long seed) {
        System.out.println("seed " + seed);
        random = new Random(seed);
        primary = new PrimaryModel(random);
        // Entities that are there before.
        primary.snapshot();
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 36})
    void theFirstSnapshotLeavesWhatThePrimaryHolds(long seed) {
        seed(seed);
        begin(EVERYTHING);
        assertThatThrownBy(() -> store.get(PrimaryModel.TENANTS.getFirst(), 1))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        run();
        check();
        assertThat(store.snapshot()).isEmpty();
        everyVersionIsInTheHistoryOnce();
        // What follows finds the rows.
        for (int i = 0; i < 5; i++) {
            happen();
            catchUp();
            check();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {42, 43, 44})
    void aLaterSnapshotMendsWhatIsWrongWhileTheStoreIsRead(long seed) {
        filled(seed);
        damage();
        begin(random.nextBoolean() ? EVERYTHING : new SnapshotScope.OneTenant(PrimaryModel.TENANTS.getLast()));
        SnapshotScope scope = store.snapshot().orElseThrow().scope();
        run();
        PrimaryModel.TENANTS.stream().filter(scope::covers).forEach(this::check);
        for (int i = 0; i < 5; i++) {
            happen();
            catchUp();
            PrimaryModel.TENANTS.stream().filter(scope::covers).forEach(this::check);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 53})
    void aCorrectionMendsWhateverIsStillToCome(long seed) {
        filled(seed);
        damage();
        happen();
        happen();
        // The primary has come further than what was applied.
        List<EntityPlace> places = new ArrayList<>();
        for (TenantId tenant : PrimaryModel.TENANTS) {
            for (long id = 1; id <= PrimaryModel.ENTITIES + 3; id++) {
                places.add(new EntityPlace(tenant.value(), id));
            }
        }
        correct(places);
        check();
        catchUp();
        check();
        happen();
        catchUp();
        check();
    }

    @Test
    void aCorrectionIsInTheHistory() {
        filled(61);
        damage();
        Entity before = primary.entities(PrimaryModel.TENANTS.getFirst())
                .values()
                .iterator()
                .next();
        correct(List.of(new EntityPlace(PrimaryModel.TENANTS.getFirst().value(), before.entityId())));
        assertThat(store.get(PrimaryModel.TENANTS.getFirst(), before.entityId(), primary.latest()))
                .contains(before);
    }

    @Test
    void whatIsPutAsideIsNotReadBeforeItIsComplete() {
        filled(62);
        TenantId tenant = PrimaryModel.TENANTS.getFirst();
        long id = damage();
        Optional<Entity> wrong = store.get(tenant, id);
        begin(EVERYTHING);
        while (readChunk().isPresent()) {
            assertThat(store.get(tenant, id)).isEqualTo(wrong);
        }
        store.completeSnapshot(readUntil());
        assertThat(store.get(tenant, id))
                .isEqualTo(Optional.ofNullable(primary.entities(tenant).get(id)));
    }

    @Test
    void anAbandonedSnapshotLeavesNothing() {
        filled(63);
        damage();
        Optional<Entity> wrong = store.get(PrimaryModel.TENANTS.getFirst(), 1);
        begin(EVERYTHING);
        readChunk();
        store.abandonSnapshot();
        reopen();
        assertThat(store.snapshot()).isEmpty();
        assertThat(store.get(PrimaryModel.TENANTS.getFirst(), 1)).isEqualTo(wrong);
        // And the next one begins at the beginning.
        begin(EVERYTHING);
        assertThat(store.snapshot().orElseThrow().rows()).isZero();
    }

    @Test
    void theFirstSnapshotIsOfEverythingAndIsNotCompleteBeforeItsEnd() {
        seed(64);
        assertThatThrownBy(() -> begin(new SnapshotScope.OneTenant(PrimaryModel.TENANTS.getFirst())))
                .isInstanceOf(IllegalArgumentException.class);
        begin(EVERYTHING);
        assertThatThrownBy(() -> store.completeSnapshot(primary.log())).isInstanceOf(IllegalStateException.class);
        store.abandonSnapshot();
        assertThat(store.snapshot()).isPresent();
    }

    @Test
    void theIdentityStays() {
        String identity = store.identity();
        assertThat(identity).isNotBlank();
        seed(65);
        begin(EVERYTHING);
        store.reset();
        reopen();
        assertThat(store.identity()).isEqualTo(identity);
    }

    private void filled(long seed) {
        seed(seed);
        begin(EVERYTHING);
        run();
        check();
    }

    private void begin(SnapshotScope scope) {
        boolean initial = store.watermark().isEmpty();
        ChangeOrder order = initial
                ? new ChangeOrder(primary.log(), 0)
                : store.watermark().flatMap(Watermark::order).orElseThrow();
        store.beginSnapshot(new SnapshotStart(
                scope,
                initial ? primary.position() : new Position(77, 1, order.commit()),
                primary.latest(),
                primary.typeRows(order).stream()
                        .filter(type -> scope.covers(type.tenant()))
                        .toList(),
                scope.covers(PrimaryModel.TENANTS.getFirst()) ? List.of("1", "7") : List.of("7"),
                OptionalLong.of(50),
                "test"));
    }

    /** Runs the snapshot that has begun to its completion, in a random order of what may happen. */
    private void run() {
        Optional<Lsn> readUntil = Optional.empty();
        Map<String, SnapshotChunk> early = new HashMap<>();
        while (readUntil.isEmpty()) {
            switch (random.nextInt(8)) {
                case 0, 1 -> happen();
                case 2, 3 -> applyNext();
                case 4 -> {
                    reopen();
                    early.clear();
                }
                default -> {
                    SnapshotState state = store.snapshot().orElseThrow();
                    if (state.isRead()) {
                        readUntil = Optional.of(readUntil());
                    } else {
                        SnapshotState.Part part = primary.pick(state.parts());
                        // Read now or some time ago, brought now.
                        SnapshotChunk chunk =
                                Optional.ofNullable(early.remove(part.name())).orElseGet(() -> chunk(state, part));
                        if (!part.complete() && random.nextInt(3) == 0) {
                            early.put(part.name(), chunk);
                        } else if (!part.complete()) {
                            store.applyChunk(chunk);
                        }
                    }
                }
            }
        }
        while (store.watermark().orElseThrow().position().lsn().compareTo(readUntil.get()) < 0) {
            if (log.isEmpty()) {
                happen();
            }
            applyNext();
            if (random.nextInt(6) == 0) {
                reopen();
            }
        }
        happen();
        if (!store.unsettled().isEmpty()) {
            correct(List.copyOf(store.unsettled()));
        }
        assertThat(store.unsettled()).isEmpty();
        store.completeSnapshot(readUntil.get());
        catchUp();
        if (!store.unsettled().isEmpty()) {
            correct(List.copyOf(store.unsettled()));
        }
    }

    private Optional<SnapshotChunk> readChunk() {
        SnapshotState state = store.snapshot().orElseThrow();
        Optional<SnapshotChunk> next = state.parts().stream()
                .filter(part -> !part.complete())
                .findFirst()
                .map(part -> chunk(state, part));
        next.ifPresent(store::applyChunk);
        return next;
    }

    private SnapshotChunk chunk(SnapshotState state, SnapshotState.Part part) {
        TenantId tenant = new TenantId(Long.parseLong(part.name()));
        int limit = 1 + random.nextInt(6);
        List<Change.EntityUpserted> rows = primary.rows(
                tenant,
                part.reached().entityId(),
                limit,
                new ChangeOrder(state.position().lsn(), 0));
        return new SnapshotChunk(
                part.name(),
                rows,
                rows.isEmpty()
                        ? part.reached()
                        : new EntityPlace(tenant.value(), rows.getLast().entityId()),
                rows.size() < limit);
    }

    /** The primary goes on; what it did is still to be applied. */
    private void happen() {
        boolean initial = store.snapshot().filter(SnapshotState::initial).isPresent();
        log.add(primary.batch(primary.transactions(), !initial));
    }

    private void applyNext() {
        Optional.ofNullable(log.poll()).ifPresent(this::apply);
    }

    /** The completeness in the batch is that of the moment of its application. */
    private void apply(ChangeBatch batch) {
        boolean initial = store.snapshot().filter(SnapshotState::initial).isPresent();
        Watermark watermark = batch.watermark();
        store.apply(new ChangeBatch(
                batch.changes(),
                new Watermark(
                        watermark.position(),
                        watermark.order(),
                        watermark.heartbeats(),
                        watermark.connectorOffset(),
                        !initial)));
    }

    /** Orders here are the ends of the transactions themselves; those of the log are the ends of the ones before. */
    private Lsn readUntil() {
        return new Lsn(primary.log().value() + 1);
    }

    private void catchUp() {
        while (!log.isEmpty()) {
            applyNext();
        }
        if (!store.unsettled().isEmpty() && store.snapshot().isEmpty()) {
            correct(List.copyOf(store.unsettled()));
        }
    }

    private void correct(List<EntityPlace> places) {
        ChangeOrder order = store.watermark().flatMap(Watermark::order).orElseThrow();
        List<Change.EntityUpserted> found = places.stream()
                .flatMap(place -> primary.row(new TenantId(place.tenantId()), place.entityId(), order).stream())
                .toList();
        store.correct(new Correction(places, found, readUntil(), primary.latest()));
    }

    /**
     * Makes the store wrong: a wrong value, a missing and a surplus entity of each tenant.
     *
     * @return an entity of the first tenant that is wrong
     */
    private long damage() {
        // Above all that was applied, below all that is to come.
        Lsn lsn = primary.log();
        List<Change> changes = new ArrayList<>();
        long ordinal = 100;
        for (TenantId tenant : PrimaryModel.TENANTS) {
            List<Entity> entities = List.copyOf(primary.entities(tenant).values());
            changes.add(change(tenant, entities.getFirst().entityId(), new ChangeOrder(lsn, ++ordinal)));
            changes.add(new Change.EntityDeleted(
                    tenant, entities.getLast().entityId(), primary.latest(), new ChangeOrder(lsn, ++ordinal)));
            changes.add(change(tenant, PrimaryModel.ENTITIES + 2, new ChangeOrder(lsn, ++ordinal)));
        }
        apply(primary.batch(changes, true));
        return primary.entities(PrimaryModel.TENANTS.getFirst())
                .values()
                .iterator()
                .next()
                .entityId();
    }

    private Change change(TenantId tenant, long id, ChangeOrder order) {
        return new Change.EntityUpserted(
                tenant,
                id,
                "damaged",
                99,
                Optional.of(Document.empty()),
                Set.of(),
                Instant.EPOCH,
                primary.latest(),
                order);
    }

    private void reopen() {
        store.close();
        store = open(directory);
    }

    private void everyVersionIsInTheHistoryOnce() {
        for (TenantId tenant : PrimaryModel.TENANTS) {
            for (long id = 1; id <= PrimaryModel.ENTITIES + 3; id++) {
                HistoryQuery all = new HistoryQuery(
                        id, OptionalInt.empty(), Optional.empty(), Optional.empty(), 1_000, Optional.empty());
                List<String> versions = store.history(tenant, all).entries().stream()
                        .map(HistoryEntry::event)
                        .flatMap(SnapshotContract::versionSeen)
                        .toList();
                assertThat(versions).as("entity %d", id).doesNotHaveDuplicates();
            }
        }
    }

    private static Stream<String> versionSeen(HistoryEntry.Event event) {
        return switch (event) {
            case HistoryEntry.Event.ValueSet set ->
                Stream.of(set.attributeId() + " at " + set.version().number());
            case HistoryEntry.Event.ValueRemoved removed ->
                Stream.of(removed.attributeId() + " at " + removed.version().number());
            case HistoryEntry.Event.Touched touched ->
                Stream.of("touched at " + touched.version().number());
            case HistoryEntry.Event.Deleted _ -> Stream.empty();
        };
    }

    private void check() {
        PrimaryModel.TENANTS.forEach(this::check);
    }

    private void check(TenantId tenant) {
        InMemoryReader oracle =
                new InMemoryReader(Map.of(tenant, List.copyOf(new TreeMap<>(primary.entities(tenant)).values())));
        EntityQuery all = new EntityQuery(Filter.ALL, List.of(), 1_000, Optional.empty());
        assertThat(store.find(tenant, all).entities())
                .isEqualTo(oracle.find(tenant, all).entities());
        for (long id = random.nextInt(3); id <= PrimaryModel.ENTITIES + 3; id += 1 + random.nextInt(3)) {
            assertThat(store.get(tenant, id)).as("entity %d", id).isEqualTo(oracle.get(tenant, id));
            assertThat(store.get(tenant, id, primary.latest()))
                    .as("entity %d as of now", id)
                    .isEqualTo(oracle.get(tenant, id));
        }
        RandomQueries queries = new RandomQueries(primary, random);
        for (int i = 0; i < 5; i++) {
            EntityQuery query = queries.find(tenant);
            assertThat(store.find(tenant, query).entities())
                    .as(query.toString())
                    .isEqualTo(oracle.find(tenant, query).entities());
        }
    }
}
