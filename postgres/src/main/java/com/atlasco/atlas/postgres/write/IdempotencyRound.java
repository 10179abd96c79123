package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.write.IdempotencyTable.Remembered;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of one run of a transaction: which requests have been answered before, and what is to be remembered.
 *
 * <p>Keys are looked up before the writes and inserted behind them. Whoever finds then that another was faster begins
 * anew, and finds its answer: that costs a second run where two are sent at once, and otherwise half of what claiming a
 * key first and completing it later would.
 */
final class IdempotencyRound {

    private final Map<IdempotencyKey, List<Use>> uses;
    private final Map<IdempotencyKey, Remembered> remembered;
    private final Set<Integer> idle = new HashSet<>();

    /** A request that comes with a key; the first one of a key in the list is the one that may be carried out. */
    private record Use(int place, RequestHash hash) {}

    private IdempotencyRound(Map<IdempotencyKey, List<Use>> uses, Map<IdempotencyKey, Remembered> remembered) {
        this.uses = uses;
        this.remembered = remembered;
        uses.forEach((key, all) ->
                all.stream().skip(remembered.containsKey(key) ? 0 : 1).forEach(use -> idle.add(use.place())));
    }

    /** Looks the keys up; asks nothing when there are none. */
    static IdempotencyRound begin(Session session, TenantId tenant, List<WriteRequest> requests) throws SQLException {
        Map<IdempotencyKey, List<Use>> uses = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            WriteRequest request = requests.get(i);
            int place = i;
            request.idempotencyKey()
                    .ifPresent(key -> uses.computeIfAbsent(key, first -> new ArrayList<>())
                            .add(new Use(place, RequestHash.of(request))));
        }
        return new IdempotencyRound(uses, IdempotencyTable.find(session, tenant, uses.keySet()));
    }

    /** Whether the request at this place is to be carried out. */
    boolean executes(int place) {
        return !idle.contains(place);
    }

    /**
     * Completes the results by those of requests that were not carried out, and remembers the others.
     *
     * @return false when somebody else has used one of the keys meanwhile
     */
    boolean complete(Session session, TenantId tenant, WriteResult[] results) throws SQLException {
        List<Remembered> done = new ArrayList<>();
        List<IdempotencyKey> refused = new ArrayList<>();
        uses.forEach((key, all) -> {
            Optional<Remembered> before = Optional.ofNullable(remembered.get(key));
            Use leader = all.getFirst();
            if (before.isPresent()) {
                all.forEach(use -> results[use.place()] =
                        answer(use, before.get().hash(), before.get().answer()));
                return;
            }
            WriteResult result = results[leader.place()];
            all.stream().skip(1).forEach(use -> results[use.place()] = answer(use, leader.hash(), result));
            if (result instanceof WriteResult.Done answer) {
                done.add(new Remembered(key, leader.hash(), answer));
            } else {
                refused.add(key);
            }
        });
        // A refused write has done nothing, and is judged anew when it is sent again; but what refused it may be the
        // same
        // write, sent twice at once and just carried out by another.
        return IdempotencyTable.find(session, tenant, refused).isEmpty()
                && IdempotencyTable.insert(session, tenant, done);
    }

    private static WriteResult answer(Use use, RequestHash first, WriteResult result) {
        if (!use.hash().equals(first)) {
            return reused();
        }
        return result instanceof WriteResult.Done done ? new WriteResult.Replayed(done) : result;
    }

    private static WriteResult reused() {
        return new WriteResult.Refused(Problem.of(
                        ErrorCode.IDEMPOTENCY_KEY_REUSED, "this idempotency key has come with another request before")
                .at("/idempotency_key")
                .hint("Send the same request again, or another key with this one."));
    }
}
