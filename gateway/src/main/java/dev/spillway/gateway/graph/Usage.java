// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of an answer tell of the caller's allowances.
 *
 * <p>Mirrors {@code X-App-Usage}, {@code X-Page-Usage} and {@code X-Business-Use-Case-Usage}, whose figures are whole
 * percentages and minutes, and {@code Retry-After}. The platform sends them only after some calls, so absence means
 * nothing; what cannot be read is absent.
 *
 * @param pagePercent the most that any allowance of the page or account is used; may pass 100
 * @param appPercent the same of the app
 * @param regain how long to stay away; zero if nothing is said
 */
public record Usage(int pagePercent, int appPercent, Duration regain) {
    /** Nothing is said. */
    public static final Usage UNKNOWN = new Usage(0, 0, Duration.ZERO);

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration REGAIN_MAX = Duration.ofDays(1);
    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(15);
    /** Of products that we do not call; their allowances are others. */
    private static final Set<String> OTHERS =
            Set.of("ads_insights", "ads_management", "custom_audience", "leadgen", "catalog");

    static Usage of(int status, MultiMap headers) {
        var app = new Reading();
        app.flat(headers.get("X-App-Usage"));
        var page = new Reading();
        page.flat(headers.get("X-Page-Usage"));
        page.perBusiness(headers.get("X-Business-Use-Case-Usage"));
        var regain = Duration.ofMinutes(page.regainMinutes);
        var retryAfter = status == 429 || status == 503 ? retryAfter(headers.get("Retry-After")) : Duration.ZERO;
        var longer = regain.compareTo(retryAfter) > 0 ? regain : retryAfter;
        if (page.percent == 0 && app.percent == 0 && longer.isZero()) {
            return UNKNOWN;
        }
        return new Usage(page.percent, app.percent, longer.compareTo(REGAIN_MAX) > 0 ? REGAIN_MAX : longer);
    }

    private static Duration retryAfter(@Nullable String seconds) {
        try {
            var time = Duration.ofSeconds(seconds == null ? 0 : Math.max(0, Integer.parseInt(seconds.strip())));
            return time.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : time;
        } catch (NumberFormatException aDate) {
            return Duration.ZERO;
        }
    }

    /** The worst of all that is read. */
    private static final class Reading {
        private int percent;
        private int regainMinutes;

        /** {@code {"call_count":28,"total_time":25,"total_cputime":25}}. */
        void flat(@Nullable String header) {
            if (header == null) {
                return;
            }
            try (var json = JSON.createParser(header)) {
                if (json.nextToken() == JsonToken.START_OBJECT) {
                    figures(json);
                }
            } catch (IOException malformed) {
                // Then it tells nothing more.
            }
        }

        /** Lists of such figures by business; a business may come twice, and of each there may be many types. */
        void perBusiness(@Nullable String header) {
            if (header == null) {
                return;
            }
            try (var json = JSON.createParser(header)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    if (json.nextToken() == JsonToken.START_ARRAY) {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            figures(json);
                        }
                    } else {
                        json.skipChildren();
                    }
                }
            } catch (IOException malformed) {
                // Then it tells nothing more.
            }
        }

        private void figures(JsonParser json) throws IOException {
            var used = 0;
            var minutes = 0;
            var ours = true;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                var value = json.nextToken();
                switch (name) {
                    case "call_count", "total_time", "total_cputime" -> used = Math.max(used, number(json, value));
                    case "estimated_time_to_regain_access" -> minutes = number(json, value);
                    case "type" -> ours = value != JsonToken.VALUE_STRING || !OTHERS.contains(json.getText());
                    default -> json.skipChildren();
                }
            }
            if (ours) {
                percent = Math.max(percent, used);
                regainMinutes = Math.max(regainMinutes, minutes);
            }
        }

        private static int number(JsonParser json, JsonToken value) throws IOException {
            if (value.isNumeric()) {
                return (int) Math.clamp(json.getDoubleValue(), 0, 1_000_000);
            }
            json.skipChildren();
            return 0;
        }
    }
}
