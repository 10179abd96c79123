package com.atlasco.atlas.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an interrupted import left beside its file: {@code .NAME.KEY.atlas-import}.
 *
 * @param place that file
 * @param rows from the first that are stored, at least 1
 */
record SavedImport(Path place, ImportIdentity identity, long rows) {

    private static final int VERSION = 2;
    private static final String ENDING = ".atlas-import";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where that import is written down. */
    static Path place(ImportIdentity identity) {
        return identity.file()
                .resolveSibling(".%s.%s%s".formatted(identity.file().getFileName(), identity.shortKey(), ENDING));
    }

    /** What is written down of that very import; one that cannot be read counts for none. */
    static Optional<SavedImport> find(ImportIdentity identity) {
        return read(place(identity)).filter(saved -> saved.identity().equals(identity));
    }

    /** Those of the same file's name that are not that import, the one that came farthest first. */
    static List<SavedImport> others(ImportIdentity identity) {
        Pattern name = Pattern.compile(
                Pattern.quote("." + identity.file().getFileName() + ".") + "[0-9a-f]{8}" + Pattern.quote(ENDING));
        try (Stream<Path> siblings = Files.list(identity.file().resolveSibling(""))) {
            return siblings.filter(
                            path -> name.matcher(path.getFileName().toString()).matches())
                    .flatMap(path -> read(path).stream())
                    .filter(saved -> !saved.identity().equals(identity))
                    .sorted(Comparator.comparingLong(SavedImport::rows).reversed())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Optional<SavedImport> read(Path place) {
        try {
            JsonNode saved = MAPPER.readTree(Files.readAllBytes(place));
            boolean good = saved.path("version").asInt() == VERSION
                    && saved.path("rows").asLong() > 0;
            return good
                    ? Optional.of(new SavedImport(
                            place,
                            new ImportIdentity(
                                    Path.of(saved.path("file").asText()),
                                    saved.path("content").asText(),
                                    saved.path("url").asText(),
                                    saved.path("owner").asText(),
                                    saved.path("options").asText()),
                            saved.path("rows").longValue()))
                    : Optional.empty();
        } catch (IOException | RuntimeException absentOrBroken) {
            return Optional.empty();
        }
    }

    /** Writes it down. */
    void write() throws IOException {
        Path fresh = place.resolveSibling(place.getFileName() + ".new");
        Files.write(
                fresh,
                MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                        .put("version", VERSION)
                        .put("file", identity.file().toString())
                        .put("content", identity.content())
                        .put("url", identity.url())
                        .put("owner", identity.owner())
                        .put("options", identity.options())
                        .put("rows", rows)));
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes it away. */
    void remove() {
        remove(place);
    }

    static void remove(Path place) {
        try {
            Files.deleteIfExists(place);
        } catch (IOException readOnly) {
            // It was never written, or costs whoever comes next no more than a look.
        }
    }

    /** Why that import does not go on with this one, and what this means. */
    String whyNot(ImportIdentity next) {
        String why;
        if (!identity.sameContent(next)) {
            why = "the file has changed since. Rows that bring no id of their own get new ones: what was stored of them"
                    + " stays beside them. To go on there, bring back the file as it was";
        } else if (!identity.sameDestination(next)) {
            why = "it went to %s, %s".formatted(identity.url(), identity.owner());
        } else {
            why =
                    "it was read with %s. What is stored under the same ids is overwritten; what it stored under others stays"
                            .formatted(identity.options().isEmpty() ? "no options" : identity.options());
        }
        return String.format(
                Locale.ROOT,
                "Beginning with row 1. An import of this file was interrupted behind row %,d, but %s.",
                rows,
                why);
    }
}
