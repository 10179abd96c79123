package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The keys in use, in memory, and the ids that are none. A key is asked for once; afterwards it is checked without the
 * primary, which {@link TenancyWatch} asks for revocations. Whoever makes up ids costs the primary at most
 * {@value #LOOKUPS_PER_SECOND} small queries a second; above that, keys that are not in memory have to come again.
 * Thread-safe.
 */
public final class KeyRing implements TenancyWatch.Refreshed, AutoCloseable {

    static final int LOOKUPS_PER_SECOND = 100;

    private static final int MOST_KEYS = 10_000;
    private static final Duration TOUCH_INTERVAL = Duration.ofSeconds(30);

    private final ApiKeyStore store;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Cache<String, Entry> keys = Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();
    private final Cache<String, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
    // What was asked for before a refresh began may be older than what the refresh found: it is not kept.
    private final AtomicLong refreshes = new AtomicLong();
    private final TokenBucket lookups;
    private long touchedAt;

    /** A key, and the second of its last use, which is all that a request writes. */
    private static final class Entry {
        private final ApiKeyStore.Known known;
        private final AtomicLong usedAt;

        Entry(ApiKeyStore.Known known, AtomicLong usedAt) {
            this.known = known;
            this.usedAt = usedAt;
        }
    }

    /** What became of a key that was shown. */
    public sealed interface Answer {
        record Valid(ApiKeyStore.Known key) implements Answer {}

        /** No such key, a wrong secret, revoked, or expired: the caller is not told which. */
        record Invalid() implements Answer {}
    }

    /** A ring that is empty; {@code ticker} is monotonic, in nanoseconds. */
    public KeyRing(ApiKeyStore store, InstantSource clock, LongSupplier ticker) {
        this.store = store;
        this.clock = clock;
        this.ticker = ticker;
        this.lookups = new TokenBucket(LOOKUPS_PER_SECOND, ticker);
        this.touchedAt = ticker.getAsLong();
    }

    /** The answer when it can be given from memory. */
    public Optional<Answer> check(SecretKey key) {
        Entry entry = keys.getIfPresent(key.id());
        if (entry != null) {
            return Optional.of(check(key, entry));
        }
        return unknown.getIfPresent(key.id()) == null ? Optional.empty() : Optional.of(new Answer.Invalid());
    }

    /**
     * The answer, by asking the primary where memory does not know.
     *
     * @throws AtlasException {@code overloaded} when too many unknown keys are shown; {@code source_unavailable}
     */
    public Answer look(SecretKey key) {
        Optional<Answer> known = check(key);
        if (known.isPresent()) {
            return known.get();
        }
        if (!lookups.tryTake(1)) {
            throw Problem.of(ErrorCode.OVERLOADED, "too many keys are shown that this node has yet to look up")
                    .hint("Try again in a second.")
                    .asException();
        }
        long before = refreshes.get();
        Optional<ApiKeyStore.Known> found =
                Optional.ofNullable(store.find(List.of(key.id())).get(key.id()));
        if (found.isEmpty()) {
            unknown.put(key.id(), true);
            return new Answer.Invalid();
        }
        Entry entry = new Entry(found.get(), new AtomicLong());
        Answer answer = check(key, entry);
        keys.put(key.id(), entry);
        if (refreshes.get() != before) {
            keys.invalidate(key.id());
        }
        return answer;
    }

    private Answer check(SecretKey key, Entry entry) {
        Instant now = clock.instant();
        boolean right = MessageDigest.isEqual(SecretKey.hash(key.text()), entry.known.hash());
        if (!right || entry.known.expiresAt().filter(at -> !now.isBefore(at)).isPresent()) {
            return new Answer.Invalid();
        }
        long second = now.getEpochSecond();
        if (entry.usedAt.get() != second) {
            entry.usedAt.set(second);
        }
        return new Answer.Valid(entry.known);
    }

    /** This node sees its own revocation at once. */
    public void forget(String keyId) {
        refreshes.incrementAndGet();
        keys.invalidate(keyId);
    }

    @Override
    public void refresh() {
        refreshes.incrementAndGet();
        List<String> ids = List.copyOf(keys.asMap().keySet());
        if (ids.isEmpty()) {
            return;
        }
        Map<String, ApiKeyStore.Known> found = store.find(ids);
        for (String id : ids) {
            Optional.ofNullable(found.get(id))
                    .ifPresentOrElse(
                            known -> keys.asMap().computeIfPresent(id, (key, old) -> new Entry(known, old.usedAt)),
                            () -> keys.invalidate(id));
        }
    }

    @Override
    public void tick() {
        if (ticker.getAsLong() - touchedAt >= TOUCH_INTERVAL.toNanos()) {
            touch();
        }
    }

    private synchronized void touch() {
        touchedAt = ticker.getAsLong();
        Map<String, Instant> used = new HashMap<>();
        keys.asMap().forEach((id, entry) -> {
            long second = entry.usedAt.getAndSet(0);
            if (second > 0) {
                used.put(id, Instant.ofEpochSecond(second));
            }
        });
        if (!used.isEmpty()) {
            store.touch(used);
        }
    }

    /** Notes the last uses that have yet to be noted, as far as the primary can be reached. */
    @Override
    public void close() {
        try {
            touch();
        } catch (AtlasException away) {
            // When a key was last used is worth no more than this attempt.
        }
    }
}
