package com.atlasco.atlas.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What each module may see: one direction, no cycles, nothing reaches upward. */
@AnalyzeClasses(packages = "com.atlasco.atlas", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MODULES_DEPEND_IN_ONE_DIRECTION = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("com.atlasco.atlas.model..")
            .layer("query")
            .definedBy("com.atlasco.atlas.query..")
            .layer("freshness")
            .definedBy("com.atlasco.atlas.freshness..")
            .layer("postgres")
            .definedBy("com.atlasco.atlas.postgres..")
            .layer("analytics")
            .definedBy("com.atlasco.atlas.analytics..")
            .layer("capture")
            .definedBy("com.atlasco.atlas.capture..")
            .layer("embedded")
            .definedBy("com.atlasco.atlas.embedded..")
            .layer("server")
            .definedBy("com.atlasco.atlas.server..")
            .layer("bench")
            .definedBy("com.atlasco.atlas.bench..")
            .layer("cli")
            .definedBy("com.atlasco.atlas.cli..")
            .whereLayer("query")
            .mayOnlyBeAccessedByLayers("postgres", "analytics", "server", "bench", "cli")
            .whereLayer("freshness")
            .mayOnlyBeAccessedByLayers("server", "bench")
            .whereLayer("postgres")
            .mayOnlyBeAccessedByLayers("capture", "server", "bench")
            .whereLayer("analytics")
            .mayOnlyBeAccessedByLayers("capture", "server", "bench")
            .whereLayer("capture")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("embedded")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("bench")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_MODULES =
            slices().matching("com.atlasco.atlas.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_POSTGRES_THE_LAUNCHER_AND_THE_BENCHES_SPEAK_JDBC_TO_POSTGRES = noClasses()
            .that()
            .resideInAnyPackage(
                    "com.atlasco.atlas.model..",
                    "com.atlasco.atlas.query..",
                    "com.atlasco.atlas.freshness..",
                    "com.atlasco.atlas.server..",
                    "com.atlasco.atlas.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.postgresql..", "org.duckdb..");

    @ArchTest
    static final ArchRule ONLY_THE_SERVER_SPEAKS_VERTX = noClasses()
            .that()
            .resideOutsideOfPackage("com.atlasco.atlas.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");
}
