// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import net.logstash.logback.composite.AbstractJsonProvider;

/**
 * Writes the key-values of a log event as a number, a truth value, or what {@code toString} says; named in {@code
 * logback.xml}.
 *
 * <p>The encoder's own provider hands every value to Jackson, which looks inside: a record's {@code toString} that hides
 * a text would hide nothing.
 */
public final class KeyValuesAsText extends AbstractJsonProvider<ILoggingEvent> {
    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) throws IOException {
        var pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (var pair : pairs) {
            generator.writeFieldName(pair.key);
            switch (pair.value) {
                case null -> generator.writeNull();
                case Integer number -> generator.writeNumber(number);
                case Long number -> generator.writeNumber(number);
                case Double number -> generator.writeNumber(number);
                case Boolean truth -> generator.writeBoolean(truth);
                case Object other -> generator.writeString(other.toString());
            }
        }
    }
}
