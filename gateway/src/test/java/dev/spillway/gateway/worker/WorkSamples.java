// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.RawJson;
import org.jspecify.annotations.Nullable;

/** Events to work on. */
final class WorkSamples {
    private WorkSamples() {}

    static Event event(int number) {
        return event(number, Kind.MESSAGE, "7001", false, Event.Mark.NONE);
    }

    static Event event(int number, Kind kind, @Nullable String user, boolean standby, Event.Mark mark) {
        return new Event(
                new EventKey(0, number),
                "demo",
                Channel.MESSENGER,
                "100",
                user,
                user == null ? "100" : "100:" + user,
                kind,
                standby,
                1_800_000_000_000L,
                1_800_000_000_100L,
                new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, 500_000),
                null,
                RawJson.of("{}"),
                mark);
    }
}
