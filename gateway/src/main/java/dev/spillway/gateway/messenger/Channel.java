// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.Locale;

/** Which of the platform's products an event came from. */
public enum Channel {
    MESSENGER,
    INSTAGRAM,
    WHATSAPP;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in event JSON and in configuration. */
    public String wire() {
        return wire;
    }
}
