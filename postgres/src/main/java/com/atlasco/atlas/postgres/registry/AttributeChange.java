package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.PivotState;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.tenant.AttributeTypeQuota;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What changes a tenant's registry, inside a transaction. One change at a time: each locks the tenant's version first and
 * gives what it changes the next one.
 */
final class AttributeChange {

    private static final String BARRIER = "SELECT atlas_begin_filterable_change(?)";

    private final Session session;
    private final TenantId tenant;
    private boolean writersConcerned;
    private boolean emptied;
    private OptionalLong entities = OptionalLong.empty();

    AttributeChange(Session session, TenantId tenant) {
        this.session = session;
        this.tenant = tenant;
    }

    /**
     * What was done.
     *
     * @param types as they are now, in the order in which they were asked for
     * @param created the names of those that are new
     * @param changed those that are new or another
     * @param version the registry's, when anything was changed
     */
    record Outcome(
            List<AttributeType> types, Set<String> created, List<AttributeType> changed, Optional<Long> version) {

        private static Outcome unchanged(List<AttributeType> types) {
            return new Outcome(types, Set.of(), List.of(), Optional.empty());
        }
    }

    /** All or none; see {@link AttributeRegistry#registerAll}. */
    Outcome register(List<AttributeDefinition> definitions) throws SQLException {
        List<String> names = definitions.stream().map(AttributeDefinition::name).toList();
        Map<String, AttributeType> seen = RegistryTable.find(session, tenant, names);
        if (definitions.stream().allMatch(each -> isAs(Optional.ofNullable(seen.get(each.name())), each))) {
            return Outcome.unchanged(names.stream().map(seen::get).toList());
        }
        long version = lock();
        // Again: another node may have been faster, and now none can be.
        Map<String, AttributeType> types = RegistryTable.find(session, tenant, names);
        List<AttributeDefinition> added = new ArrayList<>();
        Map<String, AttributeType> changed = new LinkedHashMap<>();
        for (int i = 0; i < definitions.size(); i++) {
            AttributeDefinition definition = definitions.get(i);
            Optional<AttributeType> existing = Optional.ofNullable(types.get(definition.name()));
            if (existing.isEmpty()) {
                added.add(definition);
            } else if (!isAs(existing, definition)) {
                requireChangeable(existing.get(), definition);
                AttributeType old = existing.get();
                changed.put(
                        old.name(),
                        change(version, old, definition.asType(old.attributeId(), old.pivotState(), false)));
            }
        }
        AttributeTypeQuota.requireRoom(session, tenant, added.size());
        Map<String, Integer> ids = added.isEmpty() ? Map.of() : RegistryTable.insert(session, tenant, version, added);
        for (AttributeDefinition definition : added) {
            // Nobody has values of it: there is nothing to fill.
            changed.put(
                    definition.name(),
                    definition.asType(
                            Objects.requireNonNull(ids.get(definition.name())),
                            PivotState.initial(definition.filterable()),
                            false));
        }
        types.putAll(changed);
        return done(version, names.stream().map(types::get).toList(), ids.keySet(), List.copyOf(changed.values()));
    }

    /** See {@link AttributeRegistry#rename}. */
    Outcome rename(String name, String newName) throws SQLException {
        long version = lock();
        AttributeType old = existing(name);
        if (name.equals(newName)) {
            return Outcome.unchanged(List.of(old));
        }
        if (RegistryTable.find(session, tenant, newName).isPresent()) {
            throw Problem.of(ErrorCode.ATTRIBUTE_CONFLICT, "there is an attribute '%s' already".formatted(newName))
                    .at("/name")
                    .hint("Choose another name, or rename that one first; retired attributes keep their names.")
                    .asException();
        }
        AttributeDefinition definition = AttributeDefinition.of(old);
        return replace(
                version,
                old,
                type -> new AttributeDefinition(
                                newName,
                                definition.dataType(),
                                definition.filterable(),
                                definition.hot(),
                                definition.unit(),
                                definition.description(),
                                definition.constraints())
                        .asType(type.attributeId(), type.pivotState(), type.retired()));
    }

    /** See {@link AttributeRegistry#retire} and {@link AttributeRegistry#restore}. */
    Outcome setRetired(String name, boolean retired) throws SQLException {
        long version = lock();
        AttributeType old = existing(name);
        if (old.retired() == retired) {
            return Outcome.unchanged(List.of(old));
        }
        return replace(
                version,
                old,
                type -> AttributeDefinition.of(type).asType(type.attributeId(), type.pivotState(), retired));
    }

    /** Moves an attribute on whose background job has done all its rows; nothing when it has something to do again. */
    Outcome finish(PivotJobTable.Job job) throws SQLException {
        long version = lock();
        Optional<PivotJobTable.Claim> claim = PivotJobTable.claim(session, job);
        Optional<AttributeType> found = RegistryTable.find(session, tenant, job.attributeId());
        if (claim.isEmpty() || !claim.get().complete() || found.isEmpty()) {
            return Outcome.unchanged(List.of());
        }
        AttributeType old = found.get();
        PivotState next = old.pivotState().done(old.wantedInPivot());
        AttributeType type = AttributeDefinition.of(old).asType(old.attributeId(), next, old.retired());
        if (next.underWay()) {
            PivotJobTable.begin(session, tenant, type, rows(type));
            writersConcerned = true;
        } else {
            PivotJobTable.end(session, job);
        }
        RegistryTable.update(session, tenant, version, type);
        return done(version, List.of(type), Set.of(), List.of(type));
    }

    private long lock() throws SQLException {
        return RegistryTable.lock(session, tenant).orElseThrow(() -> AttributeRegistry.tenantNotFound(tenant)) + 1;
    }

    private AttributeType existing(String name) throws SQLException {
        return RegistryTable.find(session, tenant, name).orElseThrow(() -> AttributeRegistry.notFound(name));
    }

    private Outcome replace(long version, AttributeType old, UnaryOperator<AttributeType> become) throws SQLException {
        AttributeType type = change(version, old, become.apply(old));
        return done(version, List.of(type), Set.of(), List.of(type));
    }

    /** Stores a type in place of the old one, and sets the pivot in motion when it is wanted otherwise. */
    private AttributeType change(long version, AttributeType old, AttributeType wanted) throws SQLException {
        PivotState next = old.pivotState().when(wanted.wantedInPivot());
        AttributeType type = AttributeDefinition.of(wanted).asType(old.attributeId(), next, wanted.retired());
        RegistryTable.update(session, tenant, version, type);
        if (next != old.pivotState()) {
            PivotJobTable.begin(session, tenant, type, rows(type));
            writersConcerned = true;
        }
        return type;
    }

    /** About how many a job has to do. A change of thousands of attributes counts twice, not once for each. */
    private long rows(AttributeType type) throws SQLException {
        if (!type.pivotState().maintained() && !emptied) {
            emptied = true;
            return PivotJobTable.estimate(session, tenant, OptionalInt.of(type.attributeId()));
        }
        if (entities.isEmpty()) {
            entities = OptionalLong.of(PivotJobTable.estimate(session, tenant, OptionalInt.empty()));
        }
        // For further ones that are emptied, too: an entity has one row of an attribute at most.
        return entities.getAsLong();
    }

    /** Waits for this tenant's writers, who work by the old state, and keeps new ones out until the new one is committed. */
    private void barrier() throws SQLException {
        try (PreparedStatement statement = session.prepare(BARRIER)) {
            statement.setLong(1, tenant.value());
            statement.execute();
        }
    }

    private Outcome done(long version, List<AttributeType> types, Set<String> created, List<AttributeType> changed)
            throws SQLException {
        RegistryTable.setVersion(session, tenant, version);
        if (writersConcerned) {
            // Last of all: writers wait for no more than the commit.
            barrier();
        }
        return new Outcome(types, Set.copyOf(created), changed, Optional.of(version));
    }

    private static boolean isAs(Optional<AttributeType> type, AttributeDefinition definition) {
        return type.filter(existing ->
                        !existing.retired() && AttributeDefinition.of(existing).equals(definition))
                .isPresent();
    }

    private static void requireChangeable(AttributeType existing, AttributeDefinition definition) {
        if (existing.retired()) {
            throw Problem.of(ErrorCode.ATTRIBUTE_RETIRED, "attribute '%s' is retired".formatted(existing.name()))
                    .at("name")
                    .hint("Bring it back with POST /api/v1/attributes/{name}/restore, or rename it to free its name.")
                    .asException();
        }
        if (existing.dataType() != definition.dataType()) {
            throw Problem.of(
                            ErrorCode.ATTRIBUTE_CONFLICT,
                            "attribute '%s' is of type %s and cannot become %s"
                                    .formatted(
                                            existing.name(),
                                            existing.dataType().wireName(),
                                            definition.dataType().wireName()))
                    .at("/data_type")
                    .hint("A data type never changes. Register a new attribute, such as '%s_%s'."
                            .formatted(existing.name(), definition.dataType().wireName()))
                    .asException();
        }
    }

    /** Refuses a list that names an attribute twice. */
    static void requireDistinct(List<AttributeDefinition> definitions) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < definitions.size(); i++) {
            if (!names.add(definitions.get(i).name())) {
                throw Problem.of(
                                ErrorCode.INVALID_REQUEST,
                                "the attribute '%s' is given twice"
                                        .formatted(definitions.get(i).name()))
                        .at("/attributes/%d/name".formatted(i))
                        .hint("Give each attribute once.")
                        .asException();
            }
        }
    }
}
