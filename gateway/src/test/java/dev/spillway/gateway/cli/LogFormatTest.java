// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.config.RedisUri;
import dev.spillway.gateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

class LogFormatTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void a_line_for_a_machine_is_one_json_document_in_utc() throws JoranException, JsonProcessingException {
        var event = event("one\ntwo");
        event.setKeyValuePairs(
                List.of(new KeyValuePair("page", "77"), new KeyValuePair("count", 3), new KeyValuePair("late", true)));

        var line = line("logback.xml", "json", event);

        assertThat(line).endsWith(System.lineSeparator());
        assertThat(line.strip()).doesNotContain("\n");
        assertThat(new ObjectMapper().readTree(line)).isEqualTo(new ObjectMapper().readTree("""
            {"timestamp":"2026-12-24T18:00:00.001Z","level":"WARN","logger":"dev.spillway.Some",
             "thread":"main","message":"one\\ntwo","page":"77","count":3,"late":true}
            """));
    }

    @ParameterizedTest
    @CsvSource({"logback.xml, json", "logback-dev.xml, text"})
    void no_secret_leaves_by_a_log_line(String file, String appender) throws JoranException {
        var event = event("settings");
        event.setKeyValuePairs(List.of(
                new KeyValuePair("token", Secret.of("hidden")),
                new KeyValuePair("holder", new Holder(Secret.of("hidden"), "hidden")),
                new KeyValuePair("secrets", List.of(Secret.of("hidden"))),
                new KeyValuePair("redis", RedisUri.of("redis://u:hidden@h:1"))));

        assertThat(line(file, appender, event))
                .contains("***", "redis://***@h:1", "a holder")
                .doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({"logback.xml, json", "logback-dev.xml, text"})
    void libraries_are_quiet_and_we_speak(String file, String appender) throws JoranException {
        configured(file, appender);

        assertThat(context.getLogger("io.netty.handler").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.lettuce.core").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.vertx.core").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("dev.spillway").getEffectiveLevel()).isEqualTo(Level.INFO);
    }

    /** Hides what it holds, as every record of ours with a secret or a text of a person does. */
    private record Holder(Secret secret, String text) {
        @Override
        public String toString() {
            return "a holder";
        }
    }

    private LoggingEvent event(String message) {
        var event = new LoggingEvent();
        event.setLoggerName("dev.spillway.Some");
        event.setLoggerContextRemoteView(context.getLoggerContextRemoteView());
        event.setThreadName("main");
        event.setLevel(Level.WARN);
        event.setMessage(message);
        event.setMDCPropertyMap(Map.of());
        event.setInstant(Instant.parse("2026-12-24T18:00:00.001Z"));
        return event;
    }

    private String line(String file, String appender, ILoggingEvent event) throws JoranException {
        return new String(configured(file, appender).getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private ConsoleAppender<ILoggingEvent> configured(String file, String appender) throws JoranException {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(getClass().getResource("/" + file)));
        var found = context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(appender);
        return (ConsoleAppender<ILoggingEvent>) Objects.requireNonNull(found);
    }
}
