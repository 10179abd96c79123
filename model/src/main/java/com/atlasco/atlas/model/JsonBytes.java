package com.atlasco.atlas.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON as UTF-8 into one array that grows and is used again: for what is written millions of times, documents and
 * results of batches, where a generator and its buffers cost more than the text. What is well-formed JSON is the
 * caller's to see to. Not thread-safe.
 */
public final class JsonBytes {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    public JsonBytes(int capacity) {
        this.bytes = new byte[Math.max(16, capacity)];
    }

    /** Forgets what was written, and keeps the room for it. */
    public JsonBytes clear() {
        size = 0;
        return this;
    }

    public int size() {
        return size;
    }

    /** What was written, in an array of its own. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** What was written, as text. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /** One character of ASCII, as it is. */
    public JsonBytes put(char character) {
        if (size == bytes.length) {
            grow(1);
        }
        bytes[size++] = (byte) character;
        return this;
    }

    /** Text as it is, not quoted and not escaped. */
    public JsonBytes raw(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (unit >= 0x80) {
                return raw(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            bytes[size++] = (byte) unit;
        }
        return this;
    }

    /** Bytes as they are. */
    public JsonBytes raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    /** A string in quotation marks. */
    public JsonBytes string(String text) {
        int length = text.length();
        room(length + 2);
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (unit < 0x80 && unit >= 0x20 && unit != '"' && unit != '\\') {
                if (size == bytes.length) {
                    grow(length - i + 1);
                }
                bytes[size++] = (byte) unit;
            } else if (unit < 0x80) {
                escape(unit);
            } else {
                i += encode(text, i);
            }
        }
        return put('"');
    }

    private void escape(char unit) {
        put('\\');
        switch (unit) {
            case '"', '\\' -> put(unit);
            case '\b' -> put('b');
            case '\t' -> put('t');
            case '\n' -> put('n');
            case '\f' -> put('f');
            case '\r' -> put('r');
            default -> {
                raw("u00");
                put((char) HEX[unit >> 4]);
                put((char) HEX[unit & 0xF]);
            }
        }
    }

    /** Encodes the character at a place, beyond ASCII; says how many units more than one it took. */
    private int encode(String text, int at) {
        int codePoint = text.codePointAt(at);
        room(4);
        if (codePoint < 0x800) {
            bytes[size++] = (byte) (0xC0 | (codePoint >> 6));
        } else if (codePoint < 0x10000) {
            if (Character.getType(codePoint) == Character.SURROGATE) {
                // As String.getBytes has it: half of a pair has no encoding.
                put('?');
                return 0;
            }
            bytes[size++] = (byte) (0xE0 | (codePoint >> 12));
            bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        } else {
            bytes[size++] = (byte) (0xF0 | (codePoint >> 18));
            bytes[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        }
        bytes[size++] = (byte) (0x80 | (codePoint & 0x3F));
        return codePoint < 0x10000 ? 0 : 1;
    }

    public JsonBytes number(long number) {
        if (number == Long.MIN_VALUE) {
            return raw(Long.toString(number));
        }
        room(20);
        long rest = number;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        for (int place = size + digits - 1; place >= size; place--) {
            bytes[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** A finite number, as {@link NumberText} writes it. */
    public JsonBytes number(double number) {
        return NumberText.isWhole(number) ? number((long) number) : raw(Double.toString(number));
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
}
