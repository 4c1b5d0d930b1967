// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BalanceTest {
    private final Random random = new Random(7);

    @Test
    void every_partition_has_one_owner_and_nobody_more_than_their_share() {
        for (var partitions : new int[] {1, 7, 64, 1024}) {
            for (var members = 1; members <= 12; members++) {
                var owners = owners(partitions, members(members));
                assertThat(owners).hasSize(partitions);
                var most = (partitions + members - 1) / members;
                var loads = new HashMap<String, Integer>();
                owners.values().forEach(owner -> loads.merge(owner, 1, Integer::sum));
                assertThat(loads.values()).allMatch(load -> load <= most);
            }
        }
    }

    @Test
    void the_order_in_which_members_are_told_does_not_matter() {
        var members = members(5);
        var before = owners(64, members);
        Collections.shuffle(members, random);

        assertThat(owners(64, members)).isEqualTo(before);
    }

    @Test
    void one_that_comes_or_goes_moves_little_more_than_its_own_share() {
        var moves = 0;
        var shares = 0;
        for (var round = 0; round < 100; round++) {
            var members = members(2 + round % 7);
            var before = owners(64, members);
            var more = new ArrayList<>(members);
            more.add(uuid());
            var after = owners(64, more);
            moves += (int) before.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
                    .count();
            shares += (64 + members.size()) / more.size();
        }
        assertThat((double) moves / shares).isBetween(0.8, 1.8);
    }

    private List<String> members(int count) {
        var members = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            members.add(uuid());
        }
        return members;
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    // Fails on a partition with two owners: a map takes no key twice here.
    private static Map<Integer, String> owners(int partitions, List<String> members) {
        var owners = new HashMap<Integer, String>();
        for (var member : members) {
            for (var partition : Balance.share(partitions, members, member)) {
                assertThat(owners.put(partition, member)).isNull();
            }
        }
        return owners;
    }
}
