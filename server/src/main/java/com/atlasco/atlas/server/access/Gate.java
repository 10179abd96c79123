package com.atlasco.atlas.server.access;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.postgres.tenant.KeyRing;
import com.atlasco.atlas.postgres.tenant.SecretKey;
import java.util.Optional;

/** Finds out who sends a request from the key that it presents. Thread-safe. */
public final class Gate {

    private static final String KEY_PREFIX = "atlas_";

    private final boolean keysRequired;
    private final Optional<OperatorKey> operator;
    private final KeyRing keys;

    /**
     * A gate.
     *
     * @param keysRequired otherwise a request without a key is one of development; one with a key is held to it
     */
    public Gate(boolean keysRequired, Optional<OperatorKey> operator, KeyRing keys) {
        this.keysRequired = keysRequired;
        this.operator = operator;
        this.keys = keys;
    }

    public boolean keysRequired() {
        return keysRequired;
    }

    /**
     * Who presents this key, as far as it can be told from memory.
     *
     * @throws AtlasException {@code unauthenticated}
     */
    public Optional<Caller> recognise(Optional<String> presented) {
        return known(presented)
                .or(() -> keys.check(parsed(presented.orElseThrow())).map(Gate::caller));
    }

    /**
     * Who presents this key; may ask the primary.
     *
     * @throws AtlasException {@code unauthenticated}; {@code overloaded}; {@code source_unavailable}
     */
    public Caller identify(Optional<String> presented) {
        return known(presented).orElseGet(() -> caller(keys.look(parsed(presented.orElseThrow()))));
    }

    /** Who needs no look at the keys of the tenants. */
    private Optional<Caller> known(Optional<String> presented) {
        boolean key = presented
                .filter(text -> keysRequired || text.startsWith(KEY_PREFIX) || isOperator(text))
                .isPresent();
        if (!key) {
            if (keysRequired) {
                throw refused("a key is needed here");
            }
            // A credential of something else, such as a proxy's, says nothing to development mode.
            return Optional.of(new Caller.Development());
        }
        return presented.filter(this::isOperator).map(text -> new Caller.Operator());
    }

    private boolean isOperator(String text) {
        return operator.filter(key -> key.matches(text)).isPresent();
    }

    private static SecretKey parsed(String text) {
        return SecretKey.parse(text).orElseThrow(Gate::wrong);
    }

    private static Caller caller(KeyRing.Answer answer) {
        return switch (answer) {
            case KeyRing.Answer.Valid(var key) -> new Caller.Key(key.tenant(), key.scopes());
            case KeyRing.Answer.Invalid _ -> throw wrong();
        };
    }

    /** The same whatever is wrong: a caller learns nothing of which keys or tenants there are. */
    private static AtlasException wrong() {
        return refused("the key is not valid here");
    }

    private static AtlasException refused(String detail) {
        return Problem.of(ErrorCode.UNAUTHENTICATED, detail)
                .at("Authorization")
                .hint(
                        "Send Authorization: Bearer KEY, or X-Api-Key: KEY, with a key that is neither revoked nor expired.")
                .asException();
    }
}
