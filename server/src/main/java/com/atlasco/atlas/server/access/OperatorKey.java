package com.atlasco.atlas.server.access;

import com.atlasco.atlas.postgres.tenant.SecretKey;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/** The key of who runs Atlas; only its hash is kept in memory. Thread-safe. */
public final class OperatorKey {

    /** The least length of one that is given. */
    public static final int LEAST_LENGTH = 32;

    private final byte[] hash;

    private OperatorKey(byte[] hash) {
        this.hash = hash;
    }

    /**
     * A key that was given.
     *
     * @throws IllegalArgumentException unless it has 32 to 500 characters, all of them visible ASCII
     */
    public static OperatorKey of(String text) {
        if (!text.matches("[\\x21-\\x7e]{" + LEAST_LENGTH + ",500}")) {
            throw new IllegalArgumentException(
                    "an operator key has %d to 500 characters, all of them visible ASCII".formatted(LEAST_LENGTH));
        }
        return new OperatorKey(SecretKey.hash(text));
    }

    /** The text of a new key, with 250 random bits; {@code random} is cryptographically strong. */
    public static String create(RandomGenerator random) {
        return "atlas_operator_" + SecretKey.letters(random, 42);
    }

    /** Whether it is this key; takes as long whatever is presented. */
    boolean matches(String presented) {
        return MessageDigest.isEqual(SecretKey.hash(presented), hash);
    }
}
