// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.Verdict;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person writes in quick succession comes to the bot together, and each message of it once. */
final class CoalescedIT {
    private static final String QUIET = "kind: built-in, coalesce: 300ms";

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String text(Event event) {
        return Content.of(event) instanceof Content.Message message ? String.valueOf(message.text()) : "?";
    }

    private static String texts(Delivery delivery) {
        return delivery.events().stream().map(CoalescedIT::text).collect(Collectors.joining("+"));
    }

    private static Verdict joined(Delivery delivery) {
        return Verdict.accept(Reply.text(texts(delivery)));
    }

    private Gateway start(Bot bot) {
        return rig.gateway(rig.redis.uri(), Map.of("joins", () -> bot), QUIET, PathRig.UNLIMITED);
    }

    private void post(Gateway gateway, int... texts) throws IOException, InterruptedException {
        var body = PathRig.texts(PAGE, IntStream.of(texts), 1);
        assertThat(rig.post(gateway.httpPort(), body, SECRET).statusCode()).isEqualTo(200);
    }

    @Test
    void messages_of_a_person_in_quick_succession_get_one_answer_and_other_people_theirs() {
        start(CoalescedIT::joined);

        await(Future.all(IntStream.range(0, 12)
                .mapToObj(i -> rig.say("70" + i % 3, "" + i))
                .toList()));

        // However slow this machine is: what is joined is in order, and nothing is missing or told twice.
        rig.awaitCounter("joins.1:done", 12);
        rig.awaitThat(() -> rig.counter("out", "out-fin") == 0, "all replies are out");
        for (var person = 0; person < 3; person++) {
            var user = "70" + person;
            var told = rig.sandbox.calls().stream()
                    .filter(call -> call.recipient().equals(user))
                    .map(call -> String.valueOf(call.text()))
                    .collect(Collectors.joining("+"));
            assertThat(told).isEqualTo("%d+%d+%d+%d".formatted(person, person + 3, person + 6, person + 9));
        }
        assertThat(rig.sandbox.calls()).hasSizeLessThan(12);
    }

    @Test
    void what_one_holder_had_in_hand_the_next_gets_together_and_answers_once() throws Exception {
        Bot never = delivery -> {
            new CountDownLatch(1).await();
            return Verdict.accept();
        };
        var first = start(never);
        post(first, 0, 1, 2, 3, 4, 5);
        rig.awaitThat(() -> rig.counter("added") == 6, "it is stored");
        rig.stop(first);

        start(CoalescedIT::joined);

        rig.awaitCounter("joins.1:done", 6);
        rig.awaitThat(() -> rig.counter("out", "out-fin") == 0, "all replies are out");
        assertThat(rig.taken()).containsExactly("0+1+2+3+4+5");
    }

    @Test
    void a_copy_of_a_message_that_is_answered_takes_no_other_ones_answer_along() throws Exception {
        var first = start(CoalescedIT::joined);
        post(first, 0, 1, 2);
        rig.awaitCounter("joins.1:done", 3);
        // The next holder remembers nothing; only the guard knows that 2 is answered.
        rig.stop(first);
        var second = start(CoalescedIT::joined);

        post(second, 3, 4, 2);

        rig.awaitCounter("joins.1:done", 5);
        rig.awaitThat(() -> rig.counter("out", "out-fin") == 0, "all replies are out");
        assertThat(String.join("+", rig.taken())).isEqualTo("0+1+2+3+4");
    }

    @Test
    void a_message_no_bot_can_bear_takes_no_other_along() {
        var runs = new ConcurrentHashMap<String, Integer>();
        start(delivery -> {
            runs.merge(texts(delivery), 1, Integer::sum);
            if (texts(delivery).contains("poison")) {
                throw new IllegalStateException("I cannot");
            }
            return joined(delivery);
        });

        await(Future.all(List.of(rig.say("7001", "a"), rig.say("7001", "poison"), rig.say("7001", "b"))));

        rig.awaitThat(() -> rig.counter("joins.1:done") + rig.counter("joins.1:dead") == 3, "all three are finished");
        rig.awaitThat(() -> rig.counter("out", "out-fin") == 0, "all replies are out");
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("b"))
                .contains("poison"));
        assertThat(rig.taken()).containsExactly("a", "b");
        assertThat(runs.get("poison")).isPositive();
    }
}
