package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.duckdb.PromotionPolicy.Benefit;
import com.atlasco.atlas.analytics.duckdb.PromotionPolicy.Decision;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promotes the attributes that queries look at, and demotes those that none looks at any more. {@link ColumnFilling} does the
 * rest. For the writer thread, but for {@link #report}.
 */
final class AutomaticPromotion implements UpkeepTask {

    private static final Logger LOG = LoggerFactory.getLogger(AutomaticPromotion.class);

    private static final int DECISIONS_KEPT = 100;

    private final Connection connection;
    private final BatchWriter writer;
    private final QueryMix mix;
    private final PromotionSettings settings;
    private final PromotionPolicy policy;
    private final Usefulness usefulness;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Deque<PromotionReport.Decision> decisions = new ArrayDeque<>();
    private long decidedAt;
    private Slots reported = Slots.NONE;
    private volatile PromotionReport report = PromotionReport.NONE;

    private record Type(String name, DataType dataType) {}

    AutomaticPromotion(
            Connection connection,
            BatchWriter writer,
            QueryMix mix,
            PromotionSettings settings,
            InstantSource clock,
            LongSupplier ticker) {
        this.connection = connection;
        this.writer = writer;
        this.mix = mix;
        this.settings = settings;
        this.policy = new PromotionPolicy(settings);
        this.clock = clock;
        this.ticker = ticker;
        this.decidedAt = ticker.getAsLong();
        this.usefulness = new Usefulness(settings.halfLife(), decidedAt);
    }

    @Override
    public String name() {
        return "Automatic promotion";
    }

    @Override
    public boolean isDue() {
        return ticker.getAsLong() - decidedAt >= settings.interval().toNanos();
    }

    @Override
    public void step() throws SQLException {
        decidedAt = ticker.getAsLong();
        usefulness.add(mix.drain(), decidedAt);
        Map<AttributeKey, Benefit> benefits = new HashMap<>();
        writer.movingSlots(false, () -> benefits.putAll(benefits()));
        for (Decision decision : policy.decide(slots(), benefits, decidedAt)) {
            carryOut(decision);
        }
        publish();
    }

    /** Thread-safe. */
    PromotionReport report() {
        return report;
    }

    /** Makes a new report when promotions have changed. */
    void refresh() {
        if (!slots().equals(reported)) {
            try {
                publish();
            } catch (SQLException failure) {
                LOG.warn("What is promoted could not be told; it is tried again in a minute", failure);
            }
        }
    }

    private Slots slots() {
        return writer.promoted().slots();
    }

    private Map<AttributeKey, Benefit> benefits() throws SQLException {
        Map<AttributeKey, Double> rates = usefulness.perHour();
        if (settings.mostPerTenant() == 0 || rates.isEmpty()) {
            return Map.of();
        }
        Map<Long, Long> entities = entities();
        Map<AttributeKey, Benefit> benefits = new HashMap<>();
        for (Map.Entry<AttributeKey, Double> rate : rates.entrySet()) {
            // One without a type was deleted, or is not known here yet.
            type(rate.getKey())
                    .filter(type -> type.dataType() != DataType.JSON)
                    .ifPresent(type -> benefits.put(
                            rate.getKey(),
                            new Benefit(
                                    rate.getKey(),
                                    type.dataType(),
                                    rate.getValue(),
                                    entities.getOrDefault(rate.getKey().tenantId(), 0L))));
        }
        return benefits;
    }

    private Map<Long, Long> entities() throws SQLException {
        Map<Long, Long> entities = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT tenant_id, count(*) FROM entity GROUP BY tenant_id")) {
            while (rows.next()) {
                entities.put(rows.getLong(1), rows.getLong(2));
            }
        }
        return entities;
    }

    private Optional<Type> type(AttributeKey attribute) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT name, data_type FROM attribute_type WHERE tenant_id = ? AND attribute_id = ?")) {
            statement.setLong(1, attribute.tenantId());
            statement.setInt(2, attribute.attributeId());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Type(rows.getString(1), DataType.valueOf(rows.getString(2))))
                        : Optional.empty();
            }
        }
    }

    private void carryOut(Decision decision) throws SQLException {
        PromotedTable promoted = writer.promoted();
        boolean promotes = switch (decision) {
            case Decision.Promote(AttributeKey attribute, Slot slot, String _) -> {
                writer.movingSlots(false, () -> promoted.addColumn(slot));
                writer.movingSlots(
                        false, () -> promoted.build(attribute, slot, Promotion.By.AUTOMATIC, clock.instant()));
                yield true;
            }
            case Decision.Demote(AttributeKey _, Promotion given, String _) -> {
                writer.movingSlots(true, () -> promoted.leave(given));
                yield false;
            }
        };
        AttributeKey attribute = decision.attribute();
        String name = name(attribute);
        LOG.info(
                "Attribute {} ({}) of tenant {} is {}: {}",
                name,
                attribute.attributeId(),
                attribute.tenantId(),
                promotes ? "promoted" : "demoted",
                decision.reason());
        decisions.addFirst(new PromotionReport.Decision(
                clock.instant(),
                new TenantId(attribute.tenantId()),
                attribute.attributeId(),
                name,
                promotes,
                decision.reason()));
        if (decisions.size() > DECISIONS_KEPT) {
            decisions.removeLast();
        }
    }

    private void publish() throws SQLException {
        // What only reads ends its transaction, too: the next batch begins one of its own.
        writer.movingSlots(false, () -> publish(slots()));
    }

    private void publish(Slots now) throws SQLException {
        List<PromotionReport.Promoted> promoted = new ArrayList<>();
        for (Promotion promotion : now.held().values()) {
            AttributeKey attribute = promotion.attribute();
            promoted.add(new PromotionReport.Promoted(
                    new TenantId(attribute.tenantId()),
                    attribute.attributeId(),
                    name(attribute),
                    promotion.since(),
                    promotion.isAutomatic(),
                    promotion.stage() == Promotion.Stage.WHOLE));
        }
        promoted.sort(Comparator.comparingLong(
                        (PromotionReport.Promoted one) -> one.tenant().value())
                .thenComparing(PromotionReport.Promoted::name));
        report = new PromotionReport(promoted, List.copyOf(decisions));
        reported = now;
    }

    private String name(AttributeKey attribute) throws SQLException {
        return type(attribute).map(Type::name).orElse("#" + attribute.attributeId());
    }
}
