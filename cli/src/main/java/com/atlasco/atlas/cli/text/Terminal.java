package com.atlasco.atlas.cli.text;

import java.util.Optional;

/**
 * Where text goes.
 *
 * @param columns the width of the terminal; empty when it is a file or a pipe
 */
public record Terminal(Optional<Integer> columns) {

    private static final int SMALLEST = 20;

    public static Terminal none() {
        return new Terminal(Optional.empty());
    }

    /** A terminal of that width, when the text is a number; none otherwise. */
    public static Terminal ofColumns(String text) {
        try {
            int columns = Integer.parseInt(text.strip());
            // A terminal that does not know its size says 0.
            return new Terminal(Optional.of(columns == 0 ? 80 : Math.max(SMALLEST, columns)));
        } catch (NumberFormatException none) {
            return none();
        }
    }

    public boolean interactive() {
        return columns.isPresent();
    }
}
