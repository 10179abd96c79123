package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.ProblemText;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.cql2.FilterLanguage;
import com.atlasco.atlas.query.cql2.FilterTranslator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code atlas cql2}. */
@Command(
        name = "cql2",
        header = "Translate a filter between CQL2 text and CQL2 JSON",
        description = {
            "",
            "Reads one filter from standard input and prints it in the other form, or in that of --to: text with no more"
                    + " parentheses than it needs, JSON on one line. Needs no server, and knows all of CQL2, whether or not"
                    + " Atlas answers it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  echo \"score > 80 AND country = 'US'\" | ./atlas cql2",
            "  echo '{\"op\": \">\", \"args\": [{\"property\": \"score\"}, 80]}' | ./atlas cql2",
            "  ./atlas cql2 --to text < filter.txt        one text for all that say the same",
            "",
            "Exit codes: 0 done, 2 the input is no filter."
        })
public final class Cql2Command implements Callable<Integer> {

    /** More than the longest filter in the widest characters. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** How much of a long line is shown on either side of a mistake. */
    private static final int SHOWN = 60;

    private final CliContext context;

    @Option(
            names = "--from",
            paramLabel = "FORM",
            description =
                    "What is read: text or json (default: json when it begins with { or [ or is true, false or null in lower"
                            + " case, else text)")
    private Optional<String> from = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "FORM",
            description = "What is printed: text or json (default: the other form)")
    private Optional<String> to = Optional.empty();

    public Cql2Command(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Optional<FilterLanguage> source = from.map(name -> language("--from", name));
        Optional<FilterLanguage> target = to.map(name -> language("--to", name));
        String filter = input();
        FilterLanguage read = source.orElseGet(() -> FilterLanguage.detect(filter));
        FilterLanguage written = target.orElse(read == FilterLanguage.TEXT ? FilterLanguage.JSON : FilterLanguage.TEXT);
        try {
            context.out().println(FilterTranslator.translate(filter, read, written));
            return ExitCode.OK;
        } catch (AtlasException refused) {
            context.err().println("atlas: " + describe(refused.problem(), filter));
            return ExitCode.USAGE;
        }
    }

    private static FilterLanguage language(String option, String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "text", "cql2-text" -> FilterLanguage.TEXT;
            case "json", "cql2-json" -> FilterLanguage.JSON;
            default -> throw new UsageException("%s is text or json, not '%s'".formatted(option, name));
        };
    }

    private String input() throws IOException {
        byte[] bytes = context.in().readNBytes(MOST_BYTES);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw new UsageException("the input is not valid UTF-8");
        }
    }

    private static String describe(Problem problem, String filter) {
        StringBuilder text = new StringBuilder();
        problem.position()
                .ifPresent(
                        position -> text.append("line %d, column %d: ".formatted(position.line(), position.column())));
        text.append(DisplayText.oneLine(problem.detail()));
        problem.position().ifPresent(position -> text.append(caret(filter, position)));
        problem.place()
                .filter(pointer -> !pointer.isEmpty())
                .ifPresent(pointer -> text.append("\n  at ").append(DisplayText.oneLine(pointer)));
        problem.hint().ifPresent(hint -> text.append("\n  hint: ").append(DisplayText.oneLine(hint)));
        return text.toString();
    }

    private static String caret(String filter, Problem.TextPosition position) {
        String line = filter.substring(position.offset() - position.column() + 1)
                .lines()
                .findFirst()
                .orElse("");
        int at = Math.min(position.column() - 1, line.length());
        int start = Math.max(0, at - SHOWN);
        String shown = line.substring(start, Math.min(line.length(), at + SHOWN));
        return ProblemText.caret(shown, 1, at - start + 1);
    }
}
