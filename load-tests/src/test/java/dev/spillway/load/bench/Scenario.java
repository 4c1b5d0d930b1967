// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/**
 * One kind of load.
 *
 * @param events in each body
 * @param connections that send in a closed loop
 */
record Scenario(int events, int connections) {
    private static final int EVENTS_MAX = 500;
    private static final int CONNECTIONS_MAX = 4096;

    Scenario {
        require("events", events, EVENTS_MAX);
        require("connections", connections, CONNECTIONS_MAX);
    }

    /** Reads {@code EVENTSxCONNECTIONS}, such as {@code 1x512}. */
    static Scenario of(String text) {
        if (!text.matches("\\d{1,4}x\\d{1,4}")) {
            throw new IllegalArgumentException("scenario: " + text + " (expected: events x connections, as in 1x512)");
        }
        var x = text.indexOf('x');
        return new Scenario(Integer.parseInt(text.substring(0, x)), Integer.parseInt(text.substring(x + 1)));
    }

    @Override
    public String toString() {
        return events + "x" + connections;
    }

    private static void require(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1.." + most + ")");
        }
    }
}
