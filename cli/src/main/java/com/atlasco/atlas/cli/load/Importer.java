package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.load.RowConverter.Converted;
import com.atlasco.atlas.cli.text.ProgressFigures;
import com.atlasco.atlas.model.DataType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Imports a file: makes out the types, registers the attributes that are missing, and sends the entities while it reads,
 * in memory that does not grow with the file. Used once, by one thread.
 */
public final class Importer {

    private final HttpApi api;
    private final ImportInput input;
    private final ImportOptions options;
    private final ImportTally tally;
    private final Observer observer;
    private final LongSupplier ticker;
    private final Optional<ImportIdentity.RowIds> rowIds;
    private final Checkpoint checkpoint;
    private final Deque<Row> readAhead = new ArrayDeque<>();
    private final long began;

    /** Hears how far it is; called often. */
    public interface Observer {

        /** Reading to make out the types; {@code done} counts rows. */
        void inferring(ProgressFigures figures);

        /** Sending; {@code done} counts entities that the server answered for. */
        void sending(ProgressFigures figures);

        /** Sees nothing. */
        static Observer none() {
            return new Observer() {
                @Override
                public void inferring(ProgressFigures figures) {}

                @Override
                public void sending(ProgressFigures figures) {}
            };
        }
    }

    /** An import that begins with the first row; see the other constructor. */
    public Importer(
            HttpApi api,
            ImportInput input,
            ImportOptions options,
            ImportTally tally,
            Observer observer,
            LongSupplier ticker) {
        this(api, input, options, tally, observer, ticker, Optional.empty(), Checkpoint.none(ticker));
    }

    /**
     * An import.
     *
     * @param tally counts while it runs, for whoever is asked how far it came
     * @param identity gives ids to rows that bring none; without one the server gives them, and nothing can be repeated
     * @param checkpoint where to begin, and what hears how far it has come
     */
    Importer(
            HttpApi api,
            ImportInput input,
            ImportOptions options,
            ImportTally tally,
            Observer observer,
            LongSupplier ticker,
            Optional<ImportIdentity> identity,
            Checkpoint checkpoint) {
        this.api = api;
        this.input = input;
        this.options = options;
        this.tally = tally;
        this.observer = observer;
        this.ticker = ticker;
        this.rowIds = identity.map(ImportIdentity::rowIds);
        this.checkpoint = checkpoint;
        this.began = ticker.getAsLong();
    }

    /**
     * Imports it, making out the types first.
     *
     * @throws UsageException when the file does not have what the options name
     * @throws UnregisteredException when it has columns that are no attributes, and they are not to be registered
     * @throws com.atlasco.atlas.cli.FailureException when the file cannot be read on, or not everything could be sent
     */
    public ImportSummary run() throws InterruptedException {
        AttributeRegistrar registrar = new AttributeRegistrar(api, options);
        TypeInference inference = new TypeInference();
        if (input.rereadable()) {
            try (RowReader reader = RowReader.open(input, options.format())) {
                infer(reader, inference, options.inferRows().orElse(Long.MAX_VALUE), false);
            }
        }
        try (RowReader reader = RowReader.open(input, options.format())) {
            if (!input.rereadable()) {
                infer(reader, inference, options.inferRows().orElse(ImportOptions.STREAM_ROWS), true);
            }
            check(inference);
            Optional<String> idColumn = options.idColumn().or(inference::idColumn);
            Map<String, DataType> columns = new LinkedHashMap<>(inference.types());
            columns.remove(RowConverter.ENTITY_TYPE);
            idColumn.ifPresent(columns::remove);
            registrar.registerMissing(input.name(), columns);
            return send(reader, registrar, idColumn);
        }
    }

    /** Imports a file of entities as the API writes them, whose attributes are registered already. */
    public ImportSummary runRegistered() throws InterruptedException {
        try (RowReader reader = RowReader.open(input, options.format())) {
            return send(reader, new AttributeRegistrar(api, options), options.idColumn());
        }
    }

    private void infer(RowReader reader, TypeInference inference, long most, boolean keep) {
        while (inference.rows() < most) {
            Optional<Row> row = reader.next();
            if (row.isEmpty()) {
                return;
            }
            inference.observe(row.get());
            if (keep) {
                readAhead.add(row.get());
            }
            observer.inferring(figures(inference.rows(), reader));
        }
    }

    private void check(TypeInference inference) {
        options.idColumn()
                .filter(column -> inference.rows() > 0 && !inference.hasColumn(column))
                .ifPresent(column -> {
                    throw new UsageException(
                            "There is no column '%s' in %s, as --id-column names it. The columns are: %s."
                                    .formatted(
                                            column,
                                            input.name(),
                                            String.join(", ", inference.types().keySet())));
                });
        if (options.entityType().isEmpty() && inference.typeMissing()) {
            throw new UsageException(
                    "%s has rows without entity_type. Name the type of its entities, for example --entity-type %s."
                            .formatted(input.name(), suggestedType()));
        }
    }

    private String suggestedType() {
        String file = input.name().replaceFirst(".*/", "").replaceFirst("\\..*$", "");
        return file.matches("[A-Za-z][A-Za-z0-9_]*") ? file : "thing";
    }

    private ImportSummary send(RowReader reader, AttributeRegistrar registrar, Optional<String> idColumn)
            throws InterruptedException {
        RowConverter converter = new RowConverter(registrar, idColumn, options.entityType());
        List<BatchSender> senders = Stream.generate(
                        () -> new BatchSender(api, tally, checkpoint, options.patience(), Thread::sleep))
                .limit(options.connections())
                .toList();
        long rows = 0;
        try (Lanes lanes = new Lanes(senders)) {
            for (Optional<Row> read = next(reader); read.isPresent(); read = next(reader)) {
                rows++;
                if (rows > checkpoint.begin()) {
                    send(converter.convert(read.get()), rows, lanes);
                }
                observer.sending(
                        figures(options.dryRun() ? rows : tally.figures().answered(), reader));
            }
            lanes.finish();
            requireFewErrors();
            checkpoint.done();
            double seconds = (ticker.getAsLong() - began) / 1e9;
            return new ImportSummary(tally.figures(), rows, idColumn, registrar.added(), seconds, lanes.tokens());
        } catch (RuntimeException | InterruptedException stopped) {
            checkpoint.save();
            throw stopped;
        }
    }

    private void send(Converted converted, long row, Lanes lanes) throws InterruptedException {
        switch (converted) {
            case Converted.Refused(long line, String problem) -> {
                tally.refused(line, problem);
                checkpoint.refused(row);
            }
            case Converted.Item item -> {
                if (!options.dryRun()) {
                    lanes.send(rowIds.map(ids -> item.withId(() -> ids.of(row))).orElse(item), row);
                }
            }
        }
        requireFewErrors();
    }

    private void requireFewErrors() {
        if (tally.refused() > options.maxErrors()) {
            ImportTally.Figures figures = tally.figures();
            throw new FailureException("More than %d lines were refused, the first of them:%s"
                    .formatted(
                            options.maxErrors(),
                            figures.firstRefused().stream()
                                    .limit(5)
                                    .map(refused -> "\n  line %d: %s".formatted(refused.line(), refused.problem()))
                                    .collect(Collectors.joining())));
        }
    }

    private Optional<Row> next(RowReader reader) {
        return readAhead.isEmpty() ? reader.next() : Optional.of(readAhead.remove());
    }

    private ProgressFigures figures(long done, RowReader reader) {
        return new ProgressFigures(done, reader.bytesRead(), input.size(), ticker.getAsLong() - began);
    }
}
