package com.atlasco.atlas.it.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.duckdb.DuckDbTruths;
import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.postgres.read.DocumentTruths;
import com.atlasco.atlas.query.filter.Folding;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CASEI and ACCENTI make the same of every character there is on PostgreSQL, on DuckDB and in the interpreter. */
@ExtendWith(TestCluster.class)
class FoldingIT {

    @TempDir
    private static Path directory;

    private static World world;

    @BeforeAll
    static void open(TestDatabase database) {
        world = new World(database, directory, new Random(1));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyCharacterIsFoldedAlike(Folding folding) throws SQLException {
        List<String> characters = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(codePoint -> Character.getType(codePoint) != Character.SURROGATE)
                .mapToObj(codePoint -> "e" + Character.toString(codePoint))
                .toList();
        List<String> expected = characters.stream().map(folding::apply).toList();
        assertThat(DocumentTruths.folded(world.primary(), folding, characters)).isEqualTo(expected);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
            assertThat(DuckDbTruths.folded(duckDb, folding, characters)).isEqualTo(expected);
        }
    }
}
