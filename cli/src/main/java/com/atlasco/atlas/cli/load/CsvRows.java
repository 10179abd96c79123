package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.UsageException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** CSV with a header row, after RFC 4180. Empty cells are absent values. */
final class CsvRows implements RowReader.Rows {

    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> header;

    private CsvRows(CSVParser parser, Iterator<CSVRecord> records, List<String> header) {
        this.parser = parser;
        this.records = records;
        this.header = header;
    }

    static CsvRows open(BufferedReader characters, String name) throws IOException {
        boolean tabs = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "").endsWith(".tsv");
        CSVParser parser = CSVFormat.RFC4180
                .builder()
                .setDelimiter(tabs ? '\t' : ',')
                .setIgnoreEmptyLines(true)
                .get()
                .parse(characters);
        Iterator<CSVRecord> records = parser.iterator();
        List<String> header = new ArrayList<>();
        if (nextExists(records)) {
            records.next().forEach(cell -> header.add(cell.strip()));
        }
        check(header);
        return new CsvRows(parser, records, header);
    }

    private static void check(List<String> header) {
        Set<String> names = new HashSet<>();
        for (int column = 0; column < header.size(); column++) {
            if (header.get(column).isEmpty()) {
                throw new UsageException(
                        "Column %d has no name. Name every column in the header row.".formatted(column + 1));
            }
            if (!names.add(header.get(column))) {
                throw new UsageException("Two columns are named '%s'. Give each its own name in the header row."
                        .formatted(header.get(column)));
            }
        }
    }

    @Override
    public Optional<Row> next() throws IOException {
        long line = parser.getCurrentLineNumber() + 1;
        if (!nextExists(records)) {
            return Optional.empty();
        }
        CSVRecord cells = records.next();
        if (cells.size() != header.size()) {
            return Optional.of(new Row.Broken(
                    line, "has %d cells where the header has %d".formatted(cells.size(), header.size())));
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (int column = 0; column < header.size(); column++) {
            if (!cells.get(column).isEmpty()) {
                members.put(header.get(column), cells.get(column));
            }
        }
        return Optional.of(new Row.Flat(line, members, true));
    }

    private static boolean nextExists(Iterator<CSVRecord> records) throws IOException {
        try {
            return records.hasNext();
        } catch (UncheckedIOException exception) {
            throw exception.getCause();
        }
    }

    @Override
    public long line() {
        return parser.getCurrentLineNumber();
    }
}
