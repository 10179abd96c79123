package com.atlasco.atlas.cli.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.cli.UsageException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void keysOfEveryKind() {
        assertThat(GroupBy.parse("country")).isEqualTo(new GroupBy.Value("country"));
        assertThat(GroupBy.parse("dc:title")).isEqualTo(new GroupBy.Value("dc:title"));
        assertThat(GroupBy.parse("\"a:month\"")).isEqualTo(new GroupBy.Value("a:month"));
        assertThat(GroupBy.parse("score:0:100:10")).isEqualTo(new GroupBy.Histogram("score", 0, 100, 10));
        assertThat(GroupBy.parse("a:b:-1.5:2e3:4")).isEqualTo(new GroupBy.Histogram("a:b", -1.5, 2000, 4));
        assertThat(GroupBy.parse("observed_at:Month")).isEqualTo(new GroupBy.Interval("observed_at", "month"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "score:0:100", "score:", "score:100:0:10", "score:0:100:0", "score:0:100:99999"})
    void keysThatAreNone(String text) {
        assertThatThrownBy(() -> GroupBy.parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void figures() {
        assertThat(MetricOption.parse("count")).isEqualTo(new MetricOption("count", Optional.empty()));
        assertThat(MetricOption.parse("avg( score )").name()).isEqualTo("avg(score)");
        assertThatThrownBy(() -> MetricOption.parse("avg")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> MetricOption.parse("median(x)")).hasMessageContaining("count_distinct");
    }

    @Test
    void cellsOfKeys() throws JsonProcessingException {
        GroupBy histogram = GroupBy.parse("score:0:100:10");
        assertThat(histogram.cell(mapper.readTree("{\"bucket\":0,\"from\":null,\"to\":0}")))
                .isEqualTo("< 0");
        assertThat(histogram.cell(mapper.readTree("{\"bucket\":3,\"from\":20.0,\"to\":30.5}")))
                .isEqualTo("20 to < 30.5");
        assertThat(histogram.cell(mapper.readTree("{\"bucket\":11,\"from\":100,\"to\":null}")))
                .isEqualTo(">= 100");
        assertThat(GroupBy.parse("t:month").cell(mapper.readTree("\"2013-01-01T00:00:00Z\"")))
                .isEqualTo("2013-01");
        assertThat(GroupBy.parse("t:hour").cell(mapper.readTree("\"2013-01-01T05:00:00Z\"")))
                .isEqualTo("2013-01-01 05:00");
        assertThat(GroupBy.parse("t").cell(mapper.readTree("null"))).isEmpty();
    }
}
