package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which attributes get columns and which lose them, from what their columns save. What the registry asked for is
 * never touched. One that is to give way has to be half as useful as what comes in its place. For one thread.
 */
final class PromotionPolicy {

    private static final double CLEARLY = 2;

    private final PromotionSettings settings;
    private final Map<AttributeKey, Long> lowSince = new HashMap<>();

    PromotionPolicy(PromotionSettings settings) {
        this.settings = settings;
    }

    /**
     * What a column for an attribute is good for.
     *
     * @param queriesPerHour that look at it
     * @param entities of its tenant
     */
    record Benefit(AttributeKey attribute, DataType dataType, double queriesPerHour, long entities) {
        double secondsPerHour() {
            return queriesPerHour * entities * PromotionSettings.NANOS_PER_ENTITY / 1e9;
        }
    }

    /** A change of the promotions, and why. */
    sealed interface Decision {
        AttributeKey attribute();

        String reason();

        /** Gets this slot, whose column may have to be added. */
        record Promote(AttributeKey attribute, Slot slot, String reason) implements Decision {}

        /** Gives its column up. */
        record Demote(AttributeKey attribute, Promotion promotion, String reason) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param slots what is promoted
     * @param benefits of all attributes that queries look at; of others a column is good for nothing
     * @param now in nanoseconds
     * @return in the order in which it is to be done
     */
    List<Decision> decide(Slots slots, Map<AttributeKey, Benefit> benefits, long now) {
        return new Round(slots, benefits, now).decide();
    }

    /** One decision. */
    private final class Round {

        private final Map<AttributeKey, Benefit> benefits;
        private final long now;
        private final List<Decision> decisions = new ArrayList<>();
        private Slots slots;

        Round(Slots slots, Map<AttributeKey, Benefit> benefits, long now) {
            this.slots = slots;
            this.benefits = benefits;
            this.now = now;
        }

        List<Decision> decide() {
            List<Promotion> automatic = slots.held().values().stream()
                    .filter(Promotion::isAutomatic)
                    .sorted(Comparator.comparingDouble((Promotion held) -> seconds(held.attribute()))
                            .thenComparing(Promotion::since)
                            .thenComparingInt(held -> held.attribute().attributeId()))
                    .toList();
            lowSince.keySet()
                    .removeIf(key -> automatic.stream()
                            .noneMatch(held -> held.attribute().equals(key)));
            automatic.forEach(this::keepOrDemote);
            benefits.values().stream()
                    .filter(benefit -> benefit.secondsPerHour() >= settings.promoteAt())
                    .filter(benefit -> slots.find(benefit.attribute()).isEmpty())
                    .sorted(Comparator.comparingDouble(Benefit::secondsPerHour)
                            .reversed()
                            .thenComparingInt(benefit -> benefit.attribute().attributeId()))
                    .forEach(this::promote);
            return decisions;
        }

        private void keepOrDemote(Promotion held) {
            double saves = seconds(held.attribute());
            if (automaticOf(held.attribute().tenantId()).size() > settings.mostPerTenant()) {
                demote(held, "no more than %d attributes of a tenant are promoted".formatted(settings.mostPerTenant()));
            } else if (saves >= settings.demoteBelow()) {
                lowSince.remove(held.attribute());
            } else if (now - lowSince.computeIfAbsent(held.attribute(), _ -> now)
                    >= settings.demoteAfter().toNanos()) {
                demote(
                        held,
                        String.format(
                                Locale.ROOT,
                                "saved %.2f s of queries an hour, and less than %.2f s for %d s",
                                saves,
                                settings.demoteBelow(),
                                settings.demoteAfter().toSeconds()));
            }
        }

        private void promote(Benefit benefit) {
            long tenant = benefit.attribute().tenantId();
            List<Promotion> rivals = automaticOf(tenant);
            Slot slot = slots.firstFree(tenant, benefit.dataType());
            boolean added = !slots.columns().contains(slot);
            if (added && slots.columns().size() >= settings.mostColumns()) {
                makeRoom(benefit, rivals);
                return;
            }
            if (rivals.size() >= settings.mostPerTenant()) {
                Optional<Promotion> least = leastOf(rivals, benefit);
                if (least.isEmpty()) {
                    return;
                }
                demote(least.get(), givesWay(least.get(), benefit));
            }
            if (added) {
                slots = slots.withColumn(slot);
            }
            decisions.add(new Decision.Promote(
                    benefit.attribute(),
                    slot,
                    String.format(
                            Locale.ROOT,
                            "%.1f queries an hour over %,d entities: %.2f s saved an hour",
                            benefit.queriesPerHour(),
                            benefit.entities(),
                            benefit.secondsPerHour())));
            slots = slots.with(new Promotion(
                    benefit.attribute(), slot, Promotion.By.AUTOMATIC, Promotion.Stage.BUILDING, Instant.MAX));
        }

        /** A column of the tenant's own is free for another attribute when it is empty: at a later decision. */
        private void makeRoom(Benefit benefit, List<Promotion> rivals) {
            if (leavingOf(benefit.attribute().tenantId(), benefit.dataType()) > 0) {
                return;
            }
            List<Promotion> sameType = rivals.stream()
                    .filter(held -> held.slot().dataType() == benefit.dataType())
                    .toList();
            leastOf(sameType, benefit).ifPresent(least -> demote(least, givesWay(least, benefit)));
        }

        private void demote(Promotion held, String reason) {
            lowSince.remove(held.attribute());
            decisions.add(new Decision.Demote(held.attribute(), held, reason));
            slots = slots.leaving(held);
        }

        private String givesWay(Promotion least, Benefit to) {
            return String.format(
                    Locale.ROOT,
                    "saved %.2f s of queries an hour, and gives way to attribute %d, which saves %.2f s",
                    seconds(least.attribute()),
                    to.attribute().attributeId(),
                    to.secondsPerHour());
        }

        /** The least useful of these, when the other one is clearly more useful. */
        private Optional<Promotion> leastOf(List<Promotion> held, Benefit other) {
            return held.stream()
                    .min(Comparator.comparingDouble(promotion -> seconds(promotion.attribute())))
                    .filter(least -> seconds(least.attribute()) * CLEARLY <= other.secondsPerHour());
        }

        private List<Promotion> automaticOf(long tenant) {
            return slots.held().values().stream()
                    .filter(held -> held.isAutomatic() && held.attribute().tenantId() == tenant)
                    .toList();
        }

        private long leavingOf(long tenant, DataType dataType) {
            return slots.leaving().stream()
                    .filter(left ->
                            left.attribute().tenantId() == tenant && left.slot().dataType() == dataType)
                    .count();
        }

        private double seconds(AttributeKey attribute) {
            return Optional.ofNullable(benefits.get(attribute))
                    .map(Benefit::secondsPerHour)
                    .orElse(0.0);
        }
    }
}
