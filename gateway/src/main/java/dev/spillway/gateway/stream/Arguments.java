// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one script call, in the order they are added. */
final class Arguments {
    private final List<byte[]> values = new ArrayList<>();

    /** Those that every fenced script starts with. */
    static Arguments fenced(int partition, Fence fence) {
        return new Arguments()
                .add(fence.owner())
                .add(fence.epoch())
                .add(Keys.PREFIX)
                .add(Keys.tag(partition));
    }

    Arguments add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    Arguments add(long number) {
        return add(Long.toString(number));
    }

    Arguments add(byte[] bytes) {
        values.add(bytes);
        return this;
    }

    byte[][] array() {
        return values.toArray(byte[][]::new);
    }
}
