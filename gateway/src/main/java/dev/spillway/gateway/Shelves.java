// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.cli.CommandFailure;
import dev.spillway.gateway.cli.KeptItems;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.Shelf;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The shelves of the configured Redis, for the commands; every trouble with it is a sentence for the user. */
final class Shelves implements KeptItems {
    private final Settings.Redis redis;
    private final Shelf shelf;

    private Shelves(Settings.Redis redis, Shelf shelf) {
        this.redis = redis;
        this.shelf = shelf;
    }

    static KeptItems open(Settings settings, Kind kind) {
        var redis = settings.redis();
        var shelf =
                switch (kind) {
                    case QUARANTINE -> Shelf.Kind.QUARANTINE;
                    case DEAD_LETTERS -> Shelf.Kind.DEAD_LETTERS;
                };
        return new Shelves(redis, told(redis, () -> Shelf.open(RedisAddress.of(redis), shelf)));
    }

    @Override
    public List<Item> newest(int most) {
        return told(redis, () -> shelf.newest(most)).stream().map(Shelves::item).toList();
    }

    @Override
    public Optional<Item> find(String id) {
        return told(redis, () -> shelf.find(id)).map(Shelves::item);
    }

    @Override
    public boolean purge(String id) {
        return told(redis, () -> shelf.purge(id));
    }

    @Override
    public long purgeAll() {
        return told(redis, shelf::purgeAll);
    }

    @Override
    public Redriven redrive(String id) {
        return switch (told(redis, () -> shelf.redrive(id))) {
            case DONE -> Redriven.DONE;
            case MISSING -> Redriven.MISSING;
            case A_REPLY -> Redriven.A_REPLY;
            case UNREADABLE -> Redriven.UNREADABLE;
        };
    }

    @Override
    public void close() {
        shelf.close();
    }

    private static Item item(Shelf.Item item) {
        return new Item(item.id(), item.at(), item.bytes(), item.about(), item.body());
    }

    // The library's own messages name addresses and commands, and may name more: the user gets none of them.
    private static <T> T told(Settings.Redis redis, Supplier<T> call) {
        try {
            return call.get();
        } catch (RedisCommandExecutionException refused) {
            throw new CommandFailure("Redis at " + redis.uri()
                    + " refuses the command: may this user (redis.username, redis.password) read and write there?");
        } catch (RedisException away) {
            throw new CommandFailure(
                    "Redis at " + redis.uri() + " does not answer: does it run, and is redis.uri right?");
        }
    }
}
