package com.atlasco.atlas.server.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Position;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an answer of the analytics store shows at most. Its watermark is what the store contains at least; it may show
 * more, of transactions that it has not read to their ends, and how far these go only the primary knows: it is asked
 * after the read. While it is away, and while the store is of another history than its log, there is no such position, and
 * the answer gets no token. Thread-safe, if what it is made of is.
 */
public final class MostShown implements Supplier<Optional<Position>> {

    private static final Logger LOG = LoggerFactory.getLogger(MostShown.class);

    private final BooleanSupplier primaryAnswers;
    private final Supplier<Optional<Position>> primary;
    private final Supplier<Optional<Position>> store;

    /**
     * Composes it.
     *
     * @param primaryAnswers whether it is worth asking
     * @param primary the log's flushed end, asked for now
     * @param store what the store contains at least; empty while it is not known
     */
    public MostShown(
            BooleanSupplier primaryAnswers, Supplier<Optional<Position>> primary, Supplier<Optional<Position>> store) {
        this.primaryAnswers = primaryAnswers;
        this.primary = primary;
        this.store = store;
    }

    @Override
    public Optional<Position> get() {
        if (!primaryAnswers.getAsBoolean()) {
            return Optional.empty();
        }
        try {
            return primary.get()
                    .filter(end -> store.get().filter(end::sameHistory).isPresent());
        } catch (AtlasException away) {
            LOG.debug("An answer of the analytics store gets no token", away);
            return Optional.empty();
        }
    }
}
