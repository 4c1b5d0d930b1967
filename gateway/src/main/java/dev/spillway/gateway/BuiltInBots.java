// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.function.Supplier;

/** The bots that come with Spillway, by name. */
final class BuiltInBots {
    private BuiltInBots() {}

    static Map<String, Supplier<Bot>> all() {
        return Map.of("echo", EchoBot::new, "peter", BuiltInBots::peter);
    }

    // By name, since the production image leaves Peter out.
    private static Bot peter() {
        try {
            return Class.forName("dev.spillway.gateway.peter.Peter")
                    .asSubclass(Bot.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException missing) {
            throw new IllegalStateException("this build leaves the bot peter out", missing);
        }
    }
}
