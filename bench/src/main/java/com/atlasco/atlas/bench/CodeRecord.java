package com.atlasco.atlas.bench;

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** The record of code that this JVM was started with, see docs/decisions/0020. */
public final class CodeRecord {

    private CodeRecord() {}

    /** The JVM's option that names it. */
    public static Optional<String> ofThisJvm() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:AOTCache="))
                .findFirst();
    }
}
