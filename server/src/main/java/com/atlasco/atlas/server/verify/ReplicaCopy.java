package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.analytics.ComparisonReader.WrongCopy;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.Fingerprint;
import com.atlasco.atlas.postgres.check.Range;
import com.atlasco.atlas.postgres.check.StoredRow;
import com.atlasco.atlas.postgres.check.TypeRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A streaming replica. Both servers compute a hash of each row, which is the same on both, so documents are read only
 * where hashes differ.
 */
final class ReplicaCopy implements Copy {

    private final String node;
    private final CheckedServer primary;
    private final CheckedServer replica;

    ReplicaCopy(String node, CheckedServer primary, CheckedServer replica) {
        this.node = node;
        this.primary = primary;
        this.replica = replica;
    }

    @Override
    public ComparedSource name() {
        return ComparedSource.REPLICA;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public Pending read(TenantId tenant, Range range) {
        CheckedServer.Read<Map<Long, Fingerprint>> read = primary.fingerprintsOfPrimary(tenant, range);
        return new Hashed(tenant, range, read.value(), read.position());
    }

    private final class Hashed implements Pending {

        private final TenantId tenant;
        private final Range range;
        private final Map<Long, Fingerprint> expected;
        private final Position position;

        Hashed(TenantId tenant, Range range, Map<Long, Fingerprint> expected, Position position) {
            this.tenant = tenant;
            this.range = range;
            this.expected = expected;
            this.position = position;
        }

        @Override
        public TenantId tenant() {
            return tenant;
        }

        @Override
        public Range range() {
            return range;
        }

        @Override
        public Position position() {
            return position;
        }

        @Override
        public Differences compare() {
            Map<Long, Fingerprint> left = new HashMap<>(expected);
            List<Long> suspects = new ArrayList<>();
            replica.fingerprints(tenant, range).forEach((id, fingerprint) -> {
                if (!fingerprint.equals(left.remove(id))) {
                    suspects.add(id);
                }
            });
            suspects.addAll(left.keySet());
            return new Differences(suspects, List.of());
        }
    }

    @Override
    public Map<Long, StoredRow> rows(TenantId tenant, Collection<Long> entityIds) {
        return replica.rows(tenant, entityIds);
    }

    @Override
    public boolean isSame(StoredRow onPrimary, StoredRow copy) {
        return onPrimary.equals(copy);
    }

    @Override
    public Map<Integer, HeldType> types(TenantId tenant) {
        Map<Integer, HeldType> types = new HashMap<>();
        replica.types(tenant).forEach((id, row) -> types.put(id, new HeldType(row, isCopied(row))));
        return types;
    }

    /** A type that a columnar store keeps a column of. */
    static boolean isCopied(TypeRow type) {
        return type.hot() && type.dataType() != DataType.JSON;
    }

    @Override
    public List<WrongCopy> wrongCopies(TenantId tenant, Collection<Long> entityIds) {
        return List.of();
    }

    @Override
    public boolean isMendable() {
        return false;
    }

    @Override
    public void mend(TenantId tenant, List<Long> entityIds) {
        throw new IllegalStateException("rows of a replica cannot be written");
    }

    @Override
    public String remedy() {
        return "rows of a replica cannot be mended: rebuild the " + node;
    }
}
