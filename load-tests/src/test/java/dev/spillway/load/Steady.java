// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.time.InstantSource;

/**
 * One rate, held. An open model: notifications come at their rate however slow the answers are, as the platform's do, so
 * a gateway that falls behind shows it in the figures. Only what comes after the warm-up counts.
 */
public final class Steady extends Simulation {
    private static final String COUNTED = "webhook";

    /** What the platform waits for an answer. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    /** Called by Gatling. */
    public Steady() {
        var settings = LoadSettings.of(System.getProperties());
        var clock = InstantSource.system();
        var notifications = new Notifications(
                settings.crowd(), new Signer(settings.secret()), Long.toString(clock.millis(), 36), clock);
        var platform = http.baseUrl(settings.url())
                .header("Content-Type", "application/json")
                .userAgentHeader("facebookexternalua")
                .shareConnections();

        System.out.println(settings + "; " + Runtime.getRuntime().availableProcessors() + " processors here");
        setUp(scenario("warm-up")
                        .feed(notifications)
                        .exec(post("warm-up", settings))
                        .injectOpen(rampUsersPerSec(1).to(settings.rate()).during(settings.warmUp()))
                        .andThen(scenario("steady")
                                .feed(notifications)
                                .exec(post(COUNTED, settings))
                                .injectOpen(constantUsersPerSec(settings.rate()).during(settings.seconds()))))
                .protocols(platform)
                .assertions(
                        details(COUNTED).failedRequests().percent().lte(settings.failedPercentMax()),
                        details(COUNTED).responseTime().percentile(99).lte(settings.p99MillisMax()));
    }

    private static HttpRequestActionBuilder post(String name, LoadSettings settings) {
        return http(name)
                .post("/webhooks/" + settings.app())
                .header("X-Hub-Signature-256", "#{" + Notifications.SIGNATURE + "}")
                .body(ByteArrayBody("#{" + Notifications.BODY + "}"))
                .requestTimeout(ANSWER_MAX)
                .check(status().is(200));
    }
}
