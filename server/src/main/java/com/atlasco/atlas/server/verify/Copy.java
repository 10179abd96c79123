package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.analytics.ComparisonReader.WrongCopy;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.Range;
import com.atlasco.atlas.postgres.check.StoredRow;
import com.atlasco.atlas.postgres.check.TypeRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A source that holds a copy of the primary's entities, some moments behind it. Thread-safe. */
interface Copy {

    ComparedSource name();

    /** The name, among all sources of the node, of the one whose position is waited for. */
    String node();

    /** Reads a range of the primary, to be compared when the source has come so far. */
    Pending read(TenantId tenant, Range range);

    /** Those of these entities that the source has, by id. */
    Map<Long, StoredRow> rows(TenantId tenant, Collection<Long> entityIds);

    /** Whether a row of the source says all that the primary's says. */
    boolean isSame(StoredRow primary, StoredRow copy);

    /** What the source holds of attribute types, by id. */
    Map<Integer, HeldType> types(TenantId tenant);

    /** What is wrong with copies inside the source. */
    List<WrongCopy> wrongCopies(TenantId tenant, Collection<Long> entityIds);

    /** Whether single rows can be mended. */
    boolean isMendable();

    /** Brings these entities to what the primary has. */
    void mend(TenantId tenant, List<Long> entityIds) throws InterruptedException;

    /** What can be done about a difference. */
    String remedy();

    /**
     * An attribute type as the source has it.
     *
     * @param copied whether the source keeps a column of its values
     */
    record HeldType(TypeRow row, boolean copied) {}

    /** A range of the primary that is yet to be compared. */
    interface Pending {

        TenantId tenant();

        Range range();

        /** A source that contains it contains all that was read. */
        Position position();

        /** Reads the same range of the source, and says what is not as it was on the primary. */
        Differences compare();
    }

    /**
     * What was not the same, and may have changed since.
     *
     * @param entityIds of entities that differ
     * @param wrongCopies differences inside the source, which are certain
     */
    record Differences(List<Long> entityIds, List<WrongCopy> wrongCopies) {}
}
