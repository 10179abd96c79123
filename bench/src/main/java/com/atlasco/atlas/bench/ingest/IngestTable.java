package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.cluster.TierSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What was measured, for people. */
final class IngestTable {

    private static final String HEADER = "%-21s %-24s %9s %8s %8s  %7s %7s %7s %7s %7s %8s%n";

    private final IngestSettings settings;
    private final Map<TierSet, TierResult> results;

    IngestTable(IngestSettings settings, Map<TierSet, TierResult> results) {
        this.settings = settings;
        this.results = results;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        results.forEach((tiers, result) -> {
            text.append("""

                    %s; fsync on for everybody; the publication is there for everybody who uses Atlas's tables
                    %,d new entities of %d attributes a turn in transactions of %,d, median of %d turns, %d tenant(s)

                    """.formatted(
                            tiers.description(),
                            settings.entities(),
                            settings.attributes(),
                            Field.TRANSACTION,
                            settings.repeat(),
                            settings.tenants()));
            text.append(HEADER.formatted("", "", "", "", "", "CPU s per 1,000:", "", "", "", "", "")
                            .stripTrailing())
                    .append('\n');
            text.append(HEADER.formatted(
                    "contestant",
                    "way",
                    "per s",
                    "p50 ms",
                    "p99 ms",
                    "server",
                    "primary",
                    "replica",
                    "client",
                    "total",
                    "catch up"));
            for (String name : IngestSettings.CONTESTANTS) {
                result.turns().forEach((contestant, measurement) -> {
                    if (contestant.name().equals(name)) {
                        text.append(row(contestant, measurement, tiers));
                    }
                });
            }
        });
        return text.append("""

                atlas_* and read_* go over HTTP; the others speak JDBC to the same servers, in databases of their own but for
                prepared_select, as a role without row-level security. What they store (documents, pivot rows, their order) is
                made ready before the time is taken. limit fills Atlas's own tables. Latencies at 5,000/s count from when a
                request was due. CPU counts until replica and columnar store have caught up; server includes change capture.

                """).toString();
    }

    private static String row(Contestant contestant, Measurement measured, TierSet tiers) {
        CpuSeconds cpu = measured.cpuPerThousand();
        return String.format(
                Locale.ROOT,
                "%-21s %-24s %,9.0f %8s %8s  %7.3f %7.3f %7.3f %7.3f %7.3f %8s%n",
                contestant.name(),
                contestant.way() + (measured.refused() > 0 ? ", refused %,.0f".formatted(measured.refused()) : ""),
                measured.perSecond(),
                millis(measured.p50Millis()),
                millis(measured.p99Millis()),
                cpu.server(),
                cpu.primary(),
                cpu.replica(),
                cpu.client(),
                cpu.total(),
                tiers == TierSet.ALL ? String.format(Locale.ROOT, "%.1f s", measured.catchUpSeconds()) : "");
    }

    private static String millis(Optional<Double> value) {
        return value.map(millis -> String.format(Locale.ROOT, "%.1f", millis)).orElse("");
    }
}
