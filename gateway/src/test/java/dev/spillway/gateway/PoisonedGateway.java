// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.EchoBot;
import dev.spillway.gateway.worker.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A gateway whose echo bot does as badly as a bot can when it reads certain words. */
public final class PoisonedGateway {
    /** Takes the process along. */
    static final String POISON = "poison";

    /** Throws. */
    static final String THROW = "throw";
    /** Computes for ever, and hears no interrupt. */
    static final String LOOP = "loop";
    /** Asks for more memory than there is. */
    static final String HEAP = "heap";
    /** Calls itself without end. */
    static final String DEEP = "deep";
    /** Waits until the file is there, then answers. */
    static final String BLOCK = "block";
    /** Computes until the file is there, then answers. */
    static final String SPIN = "spin";

    private PoisonedGateway() {}

    /** The file with the configuration, and the one that is waited for. */
    public static void main(String[] arguments) throws IOException {
        Main.raiseCarriers();
        Map<String, Supplier<Bot>> bots = Map.of("echo", () -> new Poisoned(Path.of(arguments[1])));
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
        private final Path awaited;

        Poisoned(Path awaited) {
            this.awaited = awaited;
        }

        @Override
        public Verdict handle(Delivery delivery) throws Exception {
            if (Content.of(delivery.event()) instanceof Content.Message message) {
                switch (String.valueOf(message.text()).replaceFirst(" .*", "")) {
                    case POISON -> {
                        // What else is in hand leaves first: a death must not put more sends in doubt than it has to.
                        Thread.sleep(1_000);
                        Runtime.getRuntime().halt(137);
                    }
                    case THROW -> throw new IllegalStateException("I cannot");
                    case LOOP -> {
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }
                    case HEAP -> {
                        return Verdict.accept(Reply.text("" + new long[Integer.MAX_VALUE - 8].length));
                    }
                    case DEEP -> {
                        return deeper(delivery);
                    }
                    case BLOCK -> {
                        while (!Files.exists(awaited)) {
                            Thread.sleep(20);
                        }
                    }
                    case SPIN -> {
                        while (!Files.exists(awaited)) {
                            Thread.onSpinWait();
                        }
                    }
                    default -> {}
                }
            }
            return echo.handle(delivery);
        }

        @SuppressWarnings("InfiniteRecursion") // It is what this bot is for.
        private Verdict deeper(Delivery delivery) {
            var verdict = deeper(delivery);
            return new Verdict.Reject(verdict.toString());
        }
    }
}
