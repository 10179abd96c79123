package com.atlasco.atlas.postgres.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A key as its owner has it: {@code atlas_key_<id>_<secret><checksum>}. The id has 12 letters and digits and is no
 * secret; the secret has 30, that is 178 random bits; the checksum has 6, so that a mistyped key is told from a wrong one
 * without asking anybody, and scanners for leaked keys are rarely wrong.
 *
 * @param text the whole key
 */
public record SecretKey(String id, String text) {

    /** What every key of a tenant begins with. */
    public static final String PREFIX = "atlas_key_";

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID = 12;
    private static final int SECRET = 30;
    private static final int CHECKSUM = 6;
    private static final Pattern FORM =
            Pattern.compile(PREFIX + "([0-9A-Za-z]{" + ID + "})_[0-9A-Za-z]{" + (SECRET + CHECKSUM) + "}");

    /** A new key; {@code random} is cryptographically strong. */
    public static SecretKey create(RandomGenerator random) {
        String id = letters(random, ID);
        String body = PREFIX + id + "_" + letters(random, SECRET);
        return new SecretKey(id, body + checksum(body));
    }

    /** Empty when it is no key: another form, or a checksum that does not agree. */
    public static Optional<SecretKey> parse(String text) {
        Matcher form = FORM.matcher(text);
        int end = text.length() - CHECKSUM;
        return form.matches() && checksum(text.substring(0, end)).equals(text.substring(end))
                ? Optional.of(new SecretKey(form.group(1), text))
                : Optional.empty();
    }

    /** Letters and digits chosen at random, each one worth 5.95 bits. */
    public static String letters(RandomGenerator random, int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return letters.toString();
    }

    /** The SHA-256 of a key: what is kept of it. */
    public static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        StringBuilder digits = new StringBuilder(CHECKSUM);
        long rest = crc.getValue();
        for (int i = 0; i < CHECKSUM; i++) {
            digits.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        }
        return digits.reverse().toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + id;
    }
}
