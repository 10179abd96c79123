package com.atlasco.atlas.server.alert;

import com.atlasco.atlas.freshness.RoutingPreference;
import com.atlasco.atlas.model.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts of a node. Thread-safe. */
public final class Alerts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final AlertBoard board;
    private final AlertEvaluator evaluator;
    private final Webhooks webhooks;

    private Alerts(AlertBoard board, AlertEvaluator evaluator, Webhooks webhooks) {
        this.board = board;
        this.evaluator = evaluator;
        this.webhooks = webhooks;
    }

    /**
     * Starts to look at the metrics once a second. Rules on a tier that the node does not have are left out.
     *
     * @param router is told what to prefer, again and again
     * @param url the base URL of this node, known once it serves
     * @param ticker the monotonic clock in nanoseconds
     * @param clock the wall clock, for people
     */
    public static Alerts start(
            AlertConfig config,
            NodeReadings readings,
            Consumer<RoutingPreference> router,
            MeterRegistry meters,
            Supplier<String> url,
            LongSupplier ticker,
            InstantSource clock) {
        List<AlertRule> rules = config.rules().stream()
                .filter(rule -> readings.has(rule.metric()))
                .toList();
        config.rules().stream()
                .filter(rule -> !rules.contains(rule))
                .forEach(rule -> LOG.info(
                        "Alert {} is left out: there is no {} here",
                        rule.name(),
                        rule.metric().tier()));
        AlertBoard board = new AlertBoard(rules, possible(readings), clock.instant());
        AlertMeters counted = new AlertMeters(meters, board);
        Webhooks webhooks = Webhooks.start(config.webhooks(), WebhookSettings.defaults(), meters, url);
        AlertEvaluator evaluator =
                new AlertEvaluator(board, readings, router, List.of(counted, webhooks), INTERVAL, ticker, clock);
        evaluator.start();
        return new Alerts(board, evaluator, webhooks);
    }

    private static Set<AlertAction> possible(NodeReadings readings) {
        Set<AlertAction> possible = EnumSet.noneOf(AlertAction.class);
        if (readings.has(Source.REPLICA)) {
            possible.add(AlertAction.INTERACTIVE_TO_PRIMARY);
            possible.add(AlertAction.ANALYTICS_TO_REPLICA);
        }
        return possible;
    }

    /** How all of them are, in the order of the rules. */
    public List<AlertReport> reports() {
        return board.reports();
    }

    /** Stops looking, undoes what is in force, and gives up what has not been delivered. */
    @Override
    public void close() {
        evaluator.close();
        webhooks.close();
    }
}
