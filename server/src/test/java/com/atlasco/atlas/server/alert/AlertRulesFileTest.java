package com.atlasco.atlas.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertRulesFileTest {

    private static List<AlertRule> read(String json) {
        return AlertRulesFile.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileSaysTheRulesAndWhatIsLeftOutIsAsUsual() {
        assertThat(read("""
                {"rules": [
                  {"name": "lag", "metric": "replica_lag_ms", "threshold": 2000, "for_s": 1.5,
                   "resolve_threshold": 500, "resolve_for_s": 10, "action": "interactive_to_primary"},
                  {"name": "slot", "metric": "slot_retained_share", "threshold": 0.5, "for_s": 60, "action": "notify"}
                ]}"""))
                .containsExactly(
                        new AlertRule(
                                "lag",
                                AlertMetric.REPLICA_LAG_MS,
                                2_000,
                                Duration.ofMillis(1_500),
                                500,
                                Duration.ofSeconds(10),
                                AlertAction.INTERACTIVE_TO_PRIMARY),
                        new AlertRule(
                                "slot",
                                AlertMetric.SLOT_RETAINED_SHARE,
                                0.5,
                                Duration.ofMinutes(1),
                                0.4,
                                Duration.ofSeconds(30),
                                AlertAction.NOTIFY));
        assertThat(read("{\"rules\": []}")).isEmpty();
    }

    @Test
    void theDefaultsAreThoseOfTheDesign() {
        assertThat(AlertRule.defaults())
                .extracting(
                        AlertRule::name, AlertRule::metric, AlertRule::threshold, AlertRule::hold, AlertRule::action)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "replica_lag",
                                AlertMetric.REPLICA_LAG_MS,
                                5_000.0,
                                Duration.ofMinutes(2),
                                AlertAction.INTERACTIVE_TO_PRIMARY),
                        org.assertj.core.groups.Tuple.tuple(
                                "olap_lag",
                                AlertMetric.OLAP_LAG_MS,
                                900_000.0,
                                Duration.ofMinutes(5),
                                AlertAction.ANALYTICS_TO_REPLICA),
                        org.assertj.core.groups.Tuple.tuple(
                                "capture_backlog",
                                AlertMetric.CAPTURE_BACKLOG_EVENTS,
                                50_000.0,
                                Duration.ofMinutes(3),
                                AlertAction.MORE_CONSUMERS));
        assertThat(AlertRule.defaults().getFirst().resolveThreshold()).isEqualTo(4_000);
        assertThat(AlertRule.defaults().getFirst().resolveHold()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"name\": \"x\"| \"name\": \"Ä\"| /rules/0/name| a-z",
                "\"name\": \"x\"| \"name\": 7| /rules/0/name| a text",
                "\"replica_lag_ms\"| \"lag\"| /rules/0/metric| replica_lag_ms, olap_lag_ms",
                "\"threshold\": 10| \"threshold\": 0| /rules/0/threshold| above 0",
                "\"threshold\": 10| \"threshold\": -1| /rules/0/threshold| above 0",
                "\"threshold\": 10| \"threshold\": \"10\"| /rules/0/threshold| a number",
                "\"threshold\": 10| \"threshold\": 1e999| /rules/0/threshold| a number",
                "\"for_s\": 5| \"for_s\": 0.5| /rules/0/for_s| 1 to 86400",
                "\"for_s\": 5| \"for_s\": 86401| /rules/0/for_s| 1 to 86400",
                "\"for_s\": 5| \"for_s\": 5, \"resolve_for_s\": 0| /rules/0/resolve_for_s| 1 to 86400",
                "\"for_s\": 5| \"for_s\": 5, \"resolve_threshold\": 10| /rules/0/resolve_threshold| below the threshold",
                "\"for_s\": 5| \"for\": 5| /rules/0| for_s",
                "\"notify\"| \"reboot\"| /rules/0/action| notify",
                "\"notify\"| \"analytics_to_replica\"| /rules/0/action| olap_lag_ms"
            })
    void whatIsWrongIsNamedWithItsPlaceAndWhatToWrite(String right, String wrong, String place, String hint) {
        String rule =
                "{\"name\": \"x\", \"metric\": \"replica_lag_ms\", \"threshold\": 10, \"for_s\": 5, \"action\": \"notify\"}";
        assertThat(read("{\"rules\": [" + rule + "]}")).hasSize(1);
        assertThatThrownBy(() -> read("{\"rules\": [" + rule.replace(right, wrong) + "]}"))
                .isInstanceOfSatisfying(AtlasException.class, refused -> {
                    assertThat(refused.problem().place()).contains(place);
                    assertThat(refused.problem().hint().orElseThrow()).contains(hint);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"[]", "{}", "{\"rules\": {}}", "{\"rules\": [], \"webhooks\": []}", "{\"rules\": [7]}", "{"})
    void whatIsNoFileOfRulesIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().hint()).isPresent());
    }

    @Test
    void twoRulesOfOneNameAreRefused() {
        String rule =
                "{\"name\": \"x\", \"metric\": \"replica_lag_ms\", \"threshold\": 10, \"for_s\": 5, \"action\": \"notify\"}";
        assertThatThrownBy(() -> read("{\"rules\": [" + rule + "," + rule + "]}"))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().place()).contains("/rules/1/name"));
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host/x, http or https",
        "/only/a/path, http or https",
        "http:///x, http or https",
        "https://user:hunter2@host/x, path or query",
        "https://host/x y, character 15"
    })
    void anAddressThatCannotBePostedToIsRefusedWithoutRepeatingIt(String address, String remedy) {
        assertThatThrownBy(() -> AlertConfig.webhook(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(remedy)
                .hasMessageNotContaining("hunter2");
        assertThat(AlertConfig.webhook("https://host/x?token=1")).hasHost("host");
    }

    @Test
    void aValueAtTheThresholdIsNotAboveIt() {
        AlertRule rule = AlertRule.defaults().getFirst();
        assertThat(rule.exceededBy(OptionalDouble.of(5_000))).isFalse();
        assertThat(rule.exceededBy(OptionalDouble.of(5_000.1))).isTrue();
        assertThat(rule.exceededBy(OptionalDouble.empty())).isTrue();
        assertThat(rule.calmAt(OptionalDouble.of(4_000))).isTrue();
        assertThat(rule.calmAt(OptionalDouble.empty())).isFalse();
    }
}
