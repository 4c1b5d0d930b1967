// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The little JSON that this port needs. */
final class Json {
    private static final int DEPTH_MAX = 8;
    private static final ObjectMapper MAPPER = mapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** The members of an object whose values are all texts; nothing for any other bytes. No bytes at all are no members. */
    static Optional<Map<String, String>> texts(Buffer body) {
        var texts = new LinkedHashMap<String, String>();
        if (body.length() == 0) {
            return Optional.of(texts);
        }
        try {
            if (!(MAPPER.readTree(body.getBytes()) instanceof ObjectNode object)) {
                return Optional.empty();
            }
            for (var member : object.properties()) {
                if (!member.getValue().isTextual()) {
                    return Optional.empty();
                }
                texts.put(member.getKey(), text(member.getValue()));
            }
            return Optional.of(texts);
        } catch (JacksonException notJson) {
            return Optional.empty();
        } catch (IOException never) {
            throw new IllegalStateException("reading from memory", never);
        }
    }

    private static String text(JsonNode node) {
        return node.asText("");
    }

    private static ObjectMapper mapper() {
        var mapper = JsonMapper.builder().build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .build());
        return mapper;
    }
}
