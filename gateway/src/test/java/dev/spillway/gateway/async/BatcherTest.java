// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatcherTest {
    private final List<List<Integer>> calls = new ArrayList<>();
    private final Deque<Promise<List<String>>> underWay = new ArrayDeque<>();
    private final Batcher<Integer, String> batcher = new Batcher<>(3, batch -> {
        calls.add(batch);
        Promise<List<String>> answer = Promise.promise();
        underWay.add(answer);
        return answer.future();
    });

    private void answer() {
        underWay.removeFirst()
                .complete(calls.get(calls.size() - 1 - underWay.size()).stream()
                        .map(String::valueOf)
                        .toList());
    }

    @Test
    void a_lone_item_goes_at_once_and_what_comes_meanwhile_goes_together_up_to_the_most() {
        var results = new ArrayList<Future<String>>();
        for (var item = 0; item < 6; item++) {
            results.add(batcher.submit(item));
        }
        assertThat(calls).containsExactly(List.of(0));

        answer();
        assertThat(results.get(0).result()).isEqualTo("0");
        assertThat(calls).hasSize(2).last().isEqualTo(List.of(1, 2, 3));
        answer();
        assertThat(calls).last().isEqualTo(List.of(4, 5));
        answer();

        assertThat(results).extracting(Future::result).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(batcher.isIdle()).isTrue();
    }

    @Test
    void a_failed_call_fails_its_own_items_and_the_next_goes_on() {
        var first = batcher.submit(1);
        var second = batcher.submit(2);

        underWay.removeFirst().fail("no");
        assertThat(first.failed()).isTrue();
        assertThat(second.isComplete()).isFalse();
        answer();
        assertThat(second.result()).isEqualTo("2");
    }

    @Test
    void what_is_submitted_on_an_answer_is_not_lost_and_never_runs_beside_another_call() {
        var order = new ArrayList<String>();
        batcher.submit(1).onSuccess(one -> batcher.submit(9).onSuccess(order::add));
        batcher.submit(2).onSuccess(order::add);
        answer();
        assertThat(underWay).hasSize(1);
        while (!underWay.isEmpty()) {
            answer();
        }

        assertThat(order).containsExactlyInAnyOrder("2", "9");
        assertThat(batcher.isIdle()).isTrue();
    }
}
