// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The part of {@link Settings} that has a good default for everyone: bounds, batches and time limits of the stages. */
public interface Tuning {
    Ingest ingest();

    Stream stream();

    Worker worker();

    Dispatch dispatch();

    Drain drain();

    /** How webhooks are taken in. */
    interface Ingest {
        /** How long a webhook is held while the store is away, before it gets 503. */
        @WithDefault("4s")
        @Between(min = "0s", max = "10s")
        Duration holdMax();

        /** Most events waiting for the store. */
        @WithDefault("20000")
        @Between(min = "1", max = "10000000")
        int inFlightEventsMax();

        /** Most bytes of webhooks being read or waiting for the store. */
        @WithDefault("64MiB")
        @Between(min = "1MiB", max = "4GiB")
        @Bytes
        long inFlightBytesMax();

        /** Largest body of a webhook. WhatsApp's may have 3 MB. */
        @WithDefault("1MiB")
        @Between(min = "1KiB", max = "16MiB")
        @Bytes
        int bodyBytesMax();

        /** Most connections to the public port; one more is closed at once. */
        @WithDefault("20000")
        @Between(min = "1", max = "1000000")
        int connectionsMax();

        /** How long the head of a request may take to arrive, and an answer to be read by its receiver. */
        @WithDefault("5s")
        @Between(min = "100ms", max = "60s")
        Duration headerTimeout();

        /** How long a connection may stay open between two requests; longer than load balancers keep theirs. */
        @WithDefault("75s")
        @Between(min = "1s", max = "1h")
        Duration idleTimeout();

        /** How long a body may take to arrive. */
        @WithDefault("5s")
        @Between(min = "100ms", max = "60s")
        Duration bodyTimeout();

        /** Connections that append; each carries a fixed share of the partitions. */
        @WithDefault("2")
        @Between(min = "1", max = "16")
        int laneCount();

        /** Most events in one append. */
        @WithDefault("256")
        @Between(min = "1", max = "4096")
        int flushEventsMax();

        /** Above this part of Redis's {@code maxmemory} every webhook gets 503, so that what is stored can drain. */
        @WithDefault("85")
        @Between(min = "10", max = "100")
        int memoryPercentMax();

        /** The part of {@code maxmemory} that all partitions' events may fill together, each an equal share of it. */
        @WithDefault("60")
        @Between(min = "1", max = "90")
        int streamsPercentMax();

        /** Most bytes of events in one partition; 0 takes its share of {@code streams-percent-max}. */
        @WithDefault("0")
        @Between(min = "0", max = "64GiB")
        @Bytes
        long partitionBytesMax();

        /** Most bytes of acknowledged events kept for ten seconds, to be appended once more after a failover. */
        @WithDefault("32MiB")
        @Between(min = "0", max = "1GiB")
        @Bytes
        long repairBytesMax();

        /** Most bytes in one append, the first event excepted. */
        @WithDefault("256KiB")
        @Between(min = "1KiB", max = "8MiB")
        @Bytes
        int flushBytesMax();
    }

    /** How partitions are owned and read. */
    interface Stream {
        /** How long a partition stays ours without a renewal. */
        @WithDefault("6s")
        @Between(min = "2s", max = "60s")
        Duration leaseTtl();

        /** How often a lease is renewed; at most a third of its life. */
        @WithDefault("2s")
        @Between(min = "100ms", max = "20s")
        Duration renewEvery();

        /** Most events one owner holds unfinished per partition and subscription. */
        @WithDefault("512")
        @Between(min = "1", max = "100000")
        int windowEventsMax();

        /** Most bytes of events one owner holds unfinished per partition and subscription. */
        @WithDefault("8MiB")
        @Between(min = "64KiB", max = "1GiB")
        @Bytes
        int windowBytesMax();

        /**
         * How long finished events are kept, so that a subscription can be reset to them; less where a stream takes more
         * than half of its room.
         */
        @WithDefault("0s")
        @Between(min = "0s", max = "30d")
        Duration retain();
    }

    /** How bots are run. */
    interface Worker {
        /** Most events in work at once in this process. */
        @WithDefault("256")
        @Between(min = "1", max = "100000")
        int concurrency();

        /** How long a bot may take over one event. */
        @WithDefault("30s")
        @Between(min = "100ms", max = "10m")
        Duration timeLimit();

        /** How often a failing event is tried before it becomes a dead letter. */
        @WithDefault("5")
        @Between(min = "1", max = "100")
        int attemptsMax();

        /** How long a failing event is tried before it becomes a dead letter. */
        @WithDefault("60s")
        @Between(min = "0s", max = "1h")
        Duration retryFor();
    }

    /** How replies are sent. */
    interface Dispatch {
        /** How long the Graph API may take to answer. */
        @WithDefault("10s")
        @Between(min = "100ms", max = "2m")
        Duration sendTimeout();

        /** The same for audio and video. */
        @WithDefault("30s")
        @Between(min = "100ms", max = "5m")
        Duration mediaSendTimeout();

        /**
         * How long a send that may have left waits for its echo before the reply's own policy decides; longer than the
         * platform takes to show an echo.
         */
        @WithDefault("20s")
        @Between(min = "0s", max = "10m")
        Duration doubtWait();

        /** Most connections to the Graph API. */
        @WithDefault("64")
        @Between(min = "1", max = "4096")
        int connectionsMax();
    }

    /** How long each step of stopping may take. The sum must stay below the grace period of the platform. */
    interface Drain {
        /** Goes on serving while load balancers learn that this process is leaving. */
        @WithDefault("8s")
        @Between(min = "0s", max = "2m")
        Duration endpoints();

        /** Requests under way. */
        @WithDefault("15s")
        @Between(min = "0s", max = "2m")
        Duration requests();

        /** Events in a bot's hands. */
        @WithDefault("10s")
        @Between(min = "0s", max = "10m")
        Duration work();

        /** Replies on the wire. */
        @WithDefault("10s")
        @Between(min = "0s", max = "2m")
        Duration sends();
    }
}
