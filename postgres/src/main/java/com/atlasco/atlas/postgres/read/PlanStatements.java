package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Value;
import java.util.Optional;
import java.util.OptionalInt;

/** The statements that find one page's rows by a plan. */
record PlanStatements(PageQuery query) {

    /** The statement that a plan begins with. */
    Sql first(Plan plan) {
        return switch (plan) {
            case Plan.Walked walked -> window(walked, start(walked.walk()), walked.window(), query.wanted());
            case Plan.Gathered gathered -> gathered(gathered);
            case Plan.Everything(var residual) ->
                guarded(
                        PageStatements.everything(tenant(), residual, query.sort(), query.cursor(), query.wanted()),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty());
        };
    }

    /** As {@link #first}, where a walk also says, when its page is not full, whether its window was its end. */
    Sql firstAndEnd(Plan plan) {
        if (!(plan instanceof Plan.Walked walked)) {
            return first(plan);
        }
        Plan.Walked exact = exact(walked);
        Optional<Walk.Place> after = start(exact.walk());
        return PageStatements.withEnd(
                window(exact, after, exact.window(), query.wanted()),
                PageStatements.windowEnd(tenant(), exact.walk(), after, exact.window()),
                query.wanted());
    }

    /** Where a walk in the order of the page begins; rows without the sort property have a walk of their own. */
    Optional<Walk.Place> start(Walk walk) {
        if (!(walk instanceof Walk.ByKey(IndexKey key, var _, boolean byFullText, var _))) {
            return query.after();
        }
        return query.cursor()
                .map(cursor -> new Walk.Place(
                        cursor.sortValues()
                                .getFirst()
                                .map(value -> byFullText ? ((Value.TextValue) value).text() : key.keyOf(value)),
                        cursor.entityId()));
    }

    /** By the full text where the cursor is in text that the key cuts off. */
    Plan.Walked exact(Plan.Walked walked) {
        return walked.walk() instanceof Walk.ByKey walk && !walk.byFullText() && hasLongCursor(walk.key())
                ? byFullText(walked, walk)
                : walked;
    }

    private boolean hasLongCursor(IndexKey key) {
        return query.cursor()
                .flatMap(cursor -> cursor.sortValues().getFirst())
                .filter(value -> !key.isExact(value))
                .isPresent();
    }

    static Plan.Walked byFullText(Plan.Walked walked, Walk.ByKey walk) {
        return new Plan.Walked(walk.withFullText(), walked.within(), walked.residual(), walked.window());
    }

    Sql window(Plan.Walked walked, Optional<Walk.Place> after, int size, int wanted) {
        Plan.Walked exact = exact(walked);
        if (!exact.equals(walked)) {
            return window(exact, start(exact.walk()), size, wanted);
        }
        OptionalInt shortText =
                walked.walk() instanceof Walk.ByKey walk && walk.key().isTextKey() && !walk.byFullText()
                        ? OptionalInt.of(walk.key().attributeId().orElseThrow())
                        : OptionalInt.empty();
        return guarded(
                PageStatements.window(tenant(), walked.walk(), walked.within(), after, size, walked.residual(), wanted),
                shortText,
                OptionalInt.empty(),
                Optional.empty());
    }

    Sql gathered(Plan.Gathered plan) {
        if (query.order().isById()) {
            return guarded(
                    PageStatements.gatheredById(
                            tenant(),
                            plan.gather(),
                            plan.residual(),
                            query.order().descending(),
                            query.after(),
                            query.wanted()),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty());
        }
        return guarded(
                PageStatements.gatheredSorted(tenant(), plan.residual(), query.sort(), query.cursor(), query.wanted()),
                OptionalInt.empty(),
                OptionalInt.of(plan.most()),
                Optional.of(PageStatements.gathered(tenant(), plan.gather(), plan.most())));
    }

    private Sql guarded(Sql page, OptionalInt shortText, OptionalInt most, Optional<Sql> ids) {
        return PageStatements.guarded(
                tenant(),
                new PageStatements.Guard(query.pivoted(), shortText, most),
                ids,
                page,
                query.attributes().map(EntityRows::picked).orElse("r.*"));
    }

    private long tenant() {
        return query.tenant().value();
    }
}
