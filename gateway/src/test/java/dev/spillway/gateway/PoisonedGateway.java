// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.EchoBot;
import dev.spillway.gateway.worker.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A gateway whose echo bot takes the process along when it reads a certain word. */
public final class PoisonedGateway {
    static final String POISON = "poison";

    private PoisonedGateway() {}

    /** One argument: the file with the configuration. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Supplier<Bot>> bots = Map.of("echo", Poisoned::new);
        var yaml = Files.readString(Path.of(arguments[0]));
        switch (Settings.parse(yaml, bots.keySet())) {
            case Loaded.Ready(var settings) ->
                new Gateway(settings, bots).start().onFailure(failure -> Runtime.getRuntime()
                        .halt(1));
            case Loaded.Refused(var problems) -> throw new IllegalArgumentException(problems.toString());
        }
    }

    private static final class Poisoned implements Bot {
        private final Bot echo = new EchoBot();

        @Override
        public Verdict handle(Delivery delivery) throws Exception {
            if (Content.of(delivery.event()) instanceof Content.Message message
                    && String.valueOf(message.text()).contains(POISON)) {
                // What else is in hand leaves first: a death must not put more sends in doubt than it has to.
                Thread.sleep(1_000);
                Runtime.getRuntime().halt(137);
            }
            return echo.handle(delivery);
        }
    }
}
