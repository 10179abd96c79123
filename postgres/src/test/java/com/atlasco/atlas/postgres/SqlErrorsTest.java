package com.atlasco.atlas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

    /** The first is what a standby that was promoted meanwhile says when it is asked how far replay is. */
    @ParameterizedTest
    @CsvSource({
        "55000, SOURCE_UNAVAILABLE",
        "25006, SOURCE_UNAVAILABLE",
        "57P01, SOURCE_UNAVAILABLE",
        "53100, SOURCE_UNAVAILABLE",
        "57014, OVERLOADED",
        "40001, OVERLOADED",
        "42601, INTERNAL"
    })
    void whatIsWrongWithTheServerIsNotTheCallersNorAnInternalError(String state, ErrorCode code) {
        Problem problem = SqlErrors.translate("replica", new SQLException("refused", state))
                .problem();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.retryAfter().isPresent()).isEqualTo(code != ErrorCode.INTERNAL);
    }
}
