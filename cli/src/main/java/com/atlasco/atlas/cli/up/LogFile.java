package com.atlasco.atlas.cli.up;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log: a file that rolls over by day and size and is capped, and warnings on standard error when asked for. */
final class LogFile {

    private static final FileSize LARGEST_FILE = new FileSize(20 * FileSize.MB_COEFFICIENT);
    private static final FileSize ALL_FILES = new FileSize(200 * FileSize.MB_COEFFICIENT);
    private static final int DAYS = 14;
    private static final List<String> TALKATIVE = List.of(
            "io.debezium",
            "org.apache.kafka",
            "org.flywaydb",
            "io.netty",
            "io.vertx",
            "com.zaxxer.hikari",
            "org.postgresql");

    private LogFile() {}

    /**
     * Sends everything that is logged from now on to {@code <directory>/atlas.log}.
     *
     * @param warningsOnStandardError whether warnings and errors go there too
     * @return the file
     */
    static Path open(Path directory, boolean warningsOnStandardError) {
        Path file = directory.resolve("atlas.log");
        LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
        logback.reset();
        Logger root = logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        TALKATIVE.forEach(name -> logback.getLogger(name).setLevel(Level.WARN));
        root.addAppender(rolling(logback, file));
        if (warningsOnStandardError) {
            root.addAppender(standardError(logback));
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return file;
    }

    private static RollingFileAppender<ILoggingEvent> rolling(LoggerContext logback, Path file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(logback);
        appender.setFile(file.toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(logback);
        policy.setParent(appender);
        policy.setFileNamePattern(
                file.resolveSibling("atlas.%d{yyyy-MM-dd}.%i.log.gz").toString());
        policy.setMaxFileSize(LARGEST_FILE);
        policy.setTotalSizeCap(ALL_FILES);
        policy.setMaxHistory(DAYS);
        policy.start();
        appender.setRollingPolicy(policy);
        appender.setEncoder(
                encoder(logback, "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{40} - %msg%n"));
        appender.start();
        return appender;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext logback) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(logback);
        appender.setTarget("System.err");
        ThresholdFilter threshold = new ThresholdFilter();
        threshold.setContext(logback);
        threshold.setLevel(Level.WARN.toString());
        threshold.start();
        appender.addFilter(threshold);
        appender.setEncoder(encoder(logback, "%-5level %logger{20} - %msg%n"));
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext logback, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logback);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
