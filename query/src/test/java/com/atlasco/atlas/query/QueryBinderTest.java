package com.atlasco.atlas.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.cql2.TestRegistry;
import com.atlasco.atlas.query.filter.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryBinderTest {

    @ParameterizedTest
    @CsvSource({"score,false", "+score,false", "' score',false", "-score,true"})
    void readsTheOrder(String sortby, boolean descending) {
        assertThat(QueryBinder.sort(sortby, TestRegistry.REGISTRY))
                .containsExactly(new SortKey(TestRegistry.property(TestRegistry.SCORE), descending));
    }

    @Test
    void readsIntrinsicAndStrangeNames() {
        assertThat(QueryBinder.sort("-updated_at", TestRegistry.REGISTRY))
                .containsExactly(new SortKey(Property.Intrinsic.UPDATED_AT, true));
        assertThat(QueryBinder.resolve(TestRegistry.STRANGE.name(), TestRegistry.REGISTRY))
                .isEqualTo(TestRegistry.property(TestRegistry.STRANGE));
        assertThat(QueryBinder.sort(" ", TestRegistry.REGISTRY)).isEmpty();
    }

    @Test
    void readsSeveralProperties() {
        SortKey byScore = new SortKey(TestRegistry.property(TestRegistry.SCORE), true);
        SortKey byCountry = new SortKey(TestRegistry.property(TestRegistry.COUNTRY), false);
        SortKey byStrange = new SortKey(TestRegistry.property(TestRegistry.STRANGE), true);
        SortKey byId = new SortKey(Property.Intrinsic.ENTITY_ID, true);
        String strange = "\"" + TestRegistry.STRANGE.name().replace("\"", "\"\"") + "\"";
        assertThat(QueryBinder.sort("-score, country,-entity_id", TestRegistry.REGISTRY))
                .containsExactly(byScore, byCountry, byId);
        assertThat(QueryBinder.sort("-score, -" + strange + ",\"country\"", TestRegistry.REGISTRY))
                .containsExactly(byScore, byStrange, byCountry);
        assertThat(QueryBinder.sort("-" + TestRegistry.STRANGE.name(), TestRegistry.REGISTRY))
                .containsExactly(byStrange);
    }

    @ParameterizedTest
    @CsvSource({
        "-scroe,UNKNOWN_ATTRIBUTE,Did you mean 'score'?",
        "entityid,UNKNOWN_ATTRIBUTE,Did you mean 'entity_id'?",
        "-,UNKNOWN_ATTRIBUTE,GET /api/v1/attributes",
        "zzzzzzzzz,UNKNOWN_ATTRIBUTE,GET /api/v1/attributes",
        "tags,FILTER_TYPE,number",
        "'-score,cuontry',UNKNOWN_ATTRIBUTE,Did you mean 'country'?",
        "'score,,country',UNKNOWN_ATTRIBUTE,GET /api/v1/attributes",
        "'score,country,-score',INVALID_REQUEST,once",
        "'a,b,c,d,e,f,g,h,i',FILTER_TOO_LARGE,last"
    })
    void refuses(String sortby, ErrorCode code, String hint) {
        Problem problem = catchThrowableOfType(
                        AtlasException.class, () -> QueryBinder.sort(sortby, TestRegistry.REGISTRY))
                .problem();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.hint().orElseThrow()).contains(hint);
        assertThat(problem.place()).contains("sortby");
    }
}
