// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.gateway.messenger.RawJson;
import java.io.IOException;

/** Which of the platform's rate classes a message belongs to. */
enum MessageClass {
    /** Text, links, templates, stickers, images: the platform names only audio and video as the slow class. */
    TEXT("text"),
    /** Audio and video. */
    MEDIA("media");

    private static final JsonFactory JSON = new JsonFactory();

    private final String id;

    MessageClass(String id) {
        this.id = id;
    }

    /** Its name towards the limiter. */
    String id() {
        return id;
    }

    /** Of the platform's {@code message} object: media if its attachment is. Never throws. */
    static MessageClass of(RawJson message) {
        try (var json = JSON.createParser(message.text())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return TEXT;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var attachment = json.currentName().equals("attachment");
                if (json.nextToken() == JsonToken.START_OBJECT && attachment) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        var type = json.currentName().equals("type");
                        if (json.nextToken() == JsonToken.VALUE_STRING && type) {
                            var kind = json.getText();
                            return kind.equals("audio") || kind.equals("video") ? MEDIA : TEXT;
                        }
                        json.skipChildren();
                    }
                    return TEXT;
                }
                json.skipChildren();
            }
            return TEXT;
        } catch (IOException malformed) {
            return TEXT;
        }
    }
}
