// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

import java.time.Duration;
import java.util.Properties;

/**
 * What a simulation is told by system properties, each {@code load.<name>}. The defaults fit {@code local.yaml}.
 *
 * @param url where the gateway takes webhooks, without a path
 * @param app whose webhooks these are
 * @param secret of that app
 * @param rate notifications per second
 * @param warmUp how long the rate grows to that before anything counts; a JVM that was just started is slow at first
 * @param seconds how long that rate is held
 * @param failedPercentMax more failed requests than that fail the run
 * @param p99MillisMax a slower 99th percentile fails the run
 */
record LoadSettings(
        String url,
        String app,
        String secret,
        double rate,
        Duration warmUp,
        Duration seconds,
        Crowd crowd,
        double failedPercentMax,
        int p99MillisMax) {
    static LoadSettings of(Properties properties) {
        return new LoadSettings(
                properties.getProperty("load.url", "http://127.0.0.1:8080"),
                properties.getProperty("load.app", "load"),
                properties.getProperty("load.secret", "a-secret-for-load-tests-only"),
                Double.parseDouble(properties.getProperty("load.rate", "200")),
                Duration.ofSeconds(Long.parseLong(properties.getProperty("load.warm-up-seconds", "20"))),
                Duration.ofSeconds(Long.parseLong(properties.getProperty("load.seconds", "30"))),
                new Crowd(
                        Integer.parseInt(properties.getProperty("load.users", "10000")),
                        Integer.parseInt(properties.getProperty("load.pages", "4"))),
                Double.parseDouble(properties.getProperty("load.failed-percent-max", "0")),
                Integer.parseInt(properties.getProperty("load.p99-ms-max", "1000")));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "%s notifications/s for %s s to %s/webhooks/%s, from %d users of %d pages; at most %s %% failed, p99 at most %d ms"
                .formatted(
                        rate,
                        seconds.toSeconds(),
                        url,
                        app,
                        crowd.users(),
                        crowd.pages(),
                        failedPercentMax,
                        p99MillisMax);
    }
}
