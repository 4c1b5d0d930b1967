// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Faults as the control API writes them: {@code {"kind":"refuse","status":400,"code":613,"times":3,"page":"1"}}. */
final class FaultJson {
    static final String EXPECTED = "expected: kind (delay|late-answer: millis; refuse: status, code, subcode, taken;"
            + " respond: status, body; hang|cut: taken), and perhaps times (0: until cleared) and page";
    private static final int TIMES_MAX = 1_000_000;
    private static final int MILLIS_MAX = 600_000;

    private FaultJson() {}

    static Faults.@Nullable Rule read(JsonNode json) {
        var fault = fault(json);
        var times = json.path("times").asInt(1);
        var page = Json.text(json, "page");
        if (fault == null || times < 0 || times > TIMES_MAX) {
            return null;
        }
        return new Faults.Rule(fault, page.isEmpty() ? null : page, times);
    }

    private static @Nullable Fault fault(JsonNode json) {
        var taken = json.path("taken").asBoolean(false);
        return switch (Json.text(json, "kind")) {
            case "delay" -> new Fault.Delay(millis(json));
            case "late-answer" -> new Fault.LateAnswer(millis(json));
            case "refuse" ->
                new Fault.Refuse(
                        status(json, 400),
                        json.path("code").asInt(1),
                        json.path("subcode").asInt(0),
                        taken);
            case "respond" -> new Fault.Respond(status(json, 502), Json.text(json, "body"));
            case "hang" -> new Fault.Hang(taken);
            case "cut" -> new Fault.Cut(taken);
            default -> null;
        };
    }

    static ObjectNode write(List<Faults.Rule> rules) {
        var answer = Json.object();
        var list = answer.putArray("faults");
        rules.forEach(rule -> {
            var json = write(rule.fault()).put("times", rule.times());
            if (rule.page() != null) {
                json.put("page", rule.page());
            }
            list.add(json);
        });
        return answer;
    }

    private static ObjectNode write(Fault fault) {
        var json = Json.object();
        return switch (fault) {
            case Fault.Delay(var by) -> json.put("kind", "delay").put("millis", by.toMillis());
            case Fault.LateAnswer(var by) -> json.put("kind", "late-answer").put("millis", by.toMillis());
            case Fault.Refuse(var status, var code, var subcode, var taken) ->
                json.put("kind", "refuse")
                        .put("status", status)
                        .put("code", code)
                        .put("subcode", subcode)
                        .put("taken", taken);
            case Fault.Respond(var status, var body) ->
                json.put("kind", "respond").put("status", status).put("body", body);
            case Fault.Hang(var taken) -> json.put("kind", "hang").put("taken", taken);
            case Fault.Cut(var taken) -> json.put("kind", "cut").put("taken", taken);
        };
    }

    private static Duration millis(JsonNode json) {
        return Duration.ofMillis(Math.clamp(json.path("millis").asLong(0), 0, MILLIS_MAX));
    }

    private static int status(JsonNode json, int otherwise) {
        return Math.clamp(json.path("status").asInt(otherwise), 200, 599);
    }
}
