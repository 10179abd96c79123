package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a counter of one tenant, ever greater values. One thread runs it. */
final class Counter implements Runnable {

    private static final long PAUSE_MILLIS = 20;

    private final URI url;
    private final Subject subject;
    private final long intervalMillis;
    private final Stage stage;
    private final SplittableRandom random;
    private final AtomicLong acknowledged;

    Counter(
            URI url,
            Subject subject,
            long intervalMillis,
            Stage stage,
            SplittableRandom random,
            AtomicLong acknowledged) {
        this.url = url;
        this.subject = subject;
        this.intervalMillis = intervalMillis;
        this.stage = stage;
        this.random = random;
        this.acknowledged = acknowledged;
    }

    @Override
    public void run() {
        long value = 0;
        try {
            while (!stage.isOver()) {
                try (HttpConnection connection = HttpConnection.open(url)) {
                    while (!stage.isOver()) {
                        if (stage.writersRest()) {
                            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                            continue;
                        }
                        value++;
                        write(connection, value);
                        TimeUnit.MILLISECONDS.sleep(random.nextLong(2 * intervalMillis + 1));
                    }
                } catch (IOException broken) {
                    // Whether the last value was written is not known: the next one is greater anyway.
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(HttpConnection connection, long value) throws IOException {
        byte[] json = "{\"entity_type\":\"%s\",\"attributes\":{\"%s\":%d}}"
                .formatted(Question.ENTITY_TYPE, subject.attribute(), value)
                .getBytes(StandardCharsets.UTF_8);
        HttpConnection.Response response =
                connection.exchange(Requests.put("/api/v1/entities/" + subject.number(), subject.tenant(), json));
        long moment = System.nanoTime();
        if (response.status() == 200 || response.status() == 201) {
            subject.log().acknowledged(value, moment);
            acknowledged.incrementAndGet();
            response.header("X-Consistency-Token")
                    .ifPresent(token -> subject.tokens().add(new Tokens.Promise(token, value, "write"), random));
        }
    }
}
