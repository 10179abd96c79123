package com.atlasco.atlas.cli.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A table for a terminal. Columns are as wide as what they hold; where that is too wide, the widest shrink first, and
 * when not even that is enough, the last columns are left out.
 */
public final class Table {

    private static final String GAP = "  ";
    private static final int SMALLEST_COLUMN = 8;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** A column; those of numbers are right-aligned. */
    public record Column(String name, boolean rightAligned) {}

    /**
     * A table laid out.
     *
     * @param lines the header first
     * @param omitted the columns that found no room
     */
    public record Layout(List<String> lines, List<String> omitted) {}

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Adds a row: one cell for each column. */
    public Table row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(cells.stream().map(DisplayText::oneLine).toList());
        return this;
    }

    public Layout layout(Terminal terminal) {
        int[] widths = new int[columns.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = DisplayText.width(heading(column));
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], DisplayText.width(row.get(column)));
            }
        }
        int shown =
                terminal.columns().map(available -> shrink(widths, available)).orElse(widths.length);
        List<String> lines = new ArrayList<>();
        lines.add(line(
                widths,
                shown,
                columns.stream()
                        .map(column -> DisplayText.oneLine(column.name()))
                        .toList()));
        rows.forEach(row -> lines.add(line(widths, shown, row)));
        return new Layout(
                lines,
                columns.subList(shown, columns.size()).stream()
                        .map(Column::name)
                        .toList());
    }

    private String heading(int column) {
        return DisplayText.oneLine(columns.get(column).name());
    }

    /** Narrows the columns to fit, and returns how many can be shown, at least one. */
    private static int shrink(int[] widths, int available) {
        for (int shown = widths.length; shown > 1; shown--) {
            if (smallest(widths, shown) <= available) {
                narrowWidest(widths, shown, available);
                return shown;
            }
        }
        if (widths.length > 0) {
            widths[0] = Math.min(widths[0], available);
        }
        return Math.min(widths.length, 1);
    }

    private static int smallest(int[] widths, int shown) {
        int sum = GAP.length() * (shown - 1);
        for (int column = 0; column < shown; column++) {
            sum += Math.min(widths[column], SMALLEST_COLUMN);
        }
        return sum;
    }

    private static void narrowWidest(int[] widths, int shown, int available) {
        int sum = GAP.length() * (shown - 1);
        for (int column = 0; column < shown; column++) {
            sum += widths[column];
        }
        for (; sum > available; sum--) {
            int widest = 0;
            for (int column = 1; column < shown; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            widths[widest]--;
        }
    }

    private String line(int[] widths, int shown, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < shown; column++) {
            String cell = DisplayText.fit(cells.get(column), widths[column]);
            String padding = " ".repeat(widths[column] - DisplayText.width(cell));
            boolean right = columns.get(column).rightAligned();
            line.append(column == 0 ? "" : GAP)
                    .append(right ? padding : "")
                    .append(cell)
                    .append(right ? "" : padding);
        }
        return line.toString().stripTrailing();
    }
}
