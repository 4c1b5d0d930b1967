// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Sends replies, one of a conversation at a time, and resolves what is in doubt: of even replies again, of odd never. */
final class SimDispatcher extends SimActor<SimDispatcher.Memory> {
    private static final long DOUBT_MS = 5000;
    private static final long SENT_MS = 10_000;
    private static final int WINDOW = 16;

    private enum Stage {
        NEW,
        AGAIN,
        BEGUN,
        ABORTING,
        DOUBT
    }

    private static final class Sending {
        private final ReplyId reply;
        private final String conversation;
        private final Open open;
        private Stage stage = Stage.NEW;
        private int attempt = 1;
        private long deadlineMs;

        Sending(String line, Open open) {
            var space = line.indexOf(' ');
            this.reply = Objects.requireNonNull(ReplyId.parse(line.substring(0, space)));
            this.conversation = line.substring(space + 1);
            this.open = open;
        }

        ReplyAttempt attempt() {
            return new ReplyAttempt(reply, 500_000, attempt);
        }
    }

    private static final class Open {
        private final String id;
        private final List<Sending> sendings = new ArrayList<>();
        private int left;

        Open(String id) {
            this.id = id;
        }

        SealedEntry sealed() {
            return new SealedEntry(id, sendings.stream().map(Sending::attempt).toList());
        }
    }

    /** A partition in memory. */
    static final class Memory {
        private String position = "0";
        private final List<Sending> sendings = new ArrayList<>();
        private List<Sealed> sealed = new ArrayList<>();
        private List<SealedEntry> entries = new ArrayList<>();
        private List<Sealed> settling = new ArrayList<>();
    }

    /** That a reply was sent, for the journal of a server that may have lost it. */
    private record Sent(Holding<Memory> by, ReplyAttempt attempt, long sinceMs) {}

    private final SimPlatform platform;
    private final List<Sent> sent = new ArrayList<>();

    SimDispatcher(SimWorld world, SimPlatform platform, String name) {
        super(world, StreamGroup.DISPATCH, name);
        this.platform = platform;
    }

    static boolean isResent(String reply) {
        return reply.hashCode() % 2 == 0;
    }

    @Override
    Memory fresh() {
        return new Memory();
    }

    @Override
    void forgetting(Holding<Memory> holding) {
        for (var sending : holding.memory.sendings) {
            if (sending.stage != Stage.NEW) {
                platform.doubts.add(sending.reply.toString());
            }
        }
        // Sent and not settled: the next holder cannot know.
        for (var sealed : List.of(holding.memory.sealed, holding.memory.settling)) {
            for (var one : sealed) {
                platform.doubts.add(one.attempt().reply().toString());
                if (one instanceof Sealed.Refused) {
                    platform.refusalsForgotten.add(one.attempt().reply().toString());
                }
            }
        }
    }

    @Override
    void anotherServer() {
        for (var one : sent) {
            if (world.monoMs - one.sinceMs() < SENT_MS) {
                var by = one.by();
                world.call(() -> world.store.sentLate(by.partition, by.fence, one.attempt()));
            }
        }
        sent.clear();
    }

    @Override
    Runnable decide(Holding<Memory> holding) {
        var memory = holding.memory;
        if (world.chance(0.02)) {
            return () -> trim(holding.partition, List.of("d"));
        }
        if (memory.sendings.size() < WINDOW && world.chance(0.2)) {
            return () -> take(holding);
        }
        var settles = !memory.sealed.isEmpty() || !memory.entries.isEmpty();
        if (settles && world.chance(0.3)) {
            memory.settling = memory.sealed;
            memory.sealed = new ArrayList<>();
            var entries = memory.entries;
            memory.entries = new ArrayList<>();
            return () -> settle(holding, entries);
        }
        var heads = heads(memory);
        if (heads.isEmpty()) {
            return () -> take(holding);
        }
        // Several conversations in one call, as far as they are at the same stage.
        var stage = heads.get(world.random.nextInt(heads.size())).stage;
        heads.removeIf(head -> head.stage != stage || world.fault(0.2));
        return () -> {
            switch (stage) {
                case NEW -> begin(holding, heads, false);
                case AGAIN -> begin(holding, heads, true);
                case BEGUN -> heads.forEach(head -> send(holding, head));
                case ABORTING -> heads.forEach(head -> abort(holding, head));
                case DOUBT -> heads.forEach(head -> resolve(holding, head));
            }
        };
    }

    private static List<Sending> heads(Memory memory) {
        var conversations = new HashSet<String>();
        var heads = new ArrayList<Sending>();
        for (var sending : memory.sendings) {
            if (conversations.add(sending.conversation)) {
                heads.add(sending);
            }
        }
        return heads;
    }

    private void take(Holding<Memory> holding) {
        var memory = holding.memory;
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.take(holding.partition, group, holding.fence, memory.position, 8, 10_000));
        if (said.lost()) {
            return;
        }
        for (var entry : Objects.requireNonNull(said.value())) {
            memory.position = entry.id();
            var open = new Open(entry.id());
            new String(entry.batch(), UTF_8)
                    .lines()
                    .map(line -> new Sending(line, open))
                    .forEach(open.sendings::add);
            open.left = open.sendings.size();
            memory.sendings.addAll(open.sendings);
        }
    }

    // If the answer is lost, or it may not be on the replica, it is done again: the store knows the attempt.
    private void begin(Holding<Memory> holding, List<Sending> sendings, boolean again) {
        var attempts = sendings.stream().map(Sending::attempt).toList();
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.begin(holding.partition, holding.fence, attempts, again));
        if (said.lost() || !(world.has(Flaw.SEND_BEFORE_WAIT) || world.isReplicated(holding.partition))) {
            return;
        }
        var words = Objects.requireNonNull(said.value());
        for (var i = 0; i < words.size(); i++) {
            var sending = sendings.get(i);
            switch (words.get(i)) {
                case SEND -> sending.stage = Stage.BEGUN;
                case FINISHED -> close(holding.memory, sending);
                case IN_DOUBT -> doubt(sending);
            }
        }
    }

    private void doubt(Sending sending) {
        sending.stage = Stage.DOUBT;
        sending.deadlineMs = world.monoMs + DOUBT_MS;
    }

    private void send(Holding<Memory> holding, Sending sending) {
        if (!isValid(holding)) {
            sending.stage = Stage.ABORTING;
            return;
        }
        var fate = world.faults ? world.random.nextInt(10) : 9;
        if (fate == 0) {
            sending.stage = Stage.ABORTING;
        } else if (fate == 1) {
            platform.doubts.add(sending.reply.toString());
            if (world.chance(0.5)) {
                platform.send(sending.reply);
            }
            doubt(sending);
        } else if (fate == 2) {
            refuse(holding, sending, sending.attempt(), holding.fence.epoch());
        } else {
            platform.send(sending.reply);
            sent.add(new Sent(holding, sending.attempt(), world.monoMs));
            seal(holding, sending, new Sealed.Sent(sending.attempt(), holding.fence.epoch()));
        }
    }

    private void abort(Holding<Memory> holding, Sending sending) {
        if (!world.call(() -> world.store.abort(holding.partition, holding.fence, sending.attempt()))
                .lost()) {
            sending.attempt++;
            sending.stage = Stage.NEW;
        }
    }

    private void resolve(Holding<Memory> holding, Sending sending) {
        var rows = world.call(() -> world.store.rows(holding.partition, List.of(sending.reply)));
        if (rows.lost()) {
            return;
        }
        var row = Objects.requireNonNull(rows.value()).getFirst();
        var attempt = new ReplyAttempt(sending.reply, 500_000, row.attempt());
        switch (row.state()) {
            case SEEN -> seal(holding, sending, new Sealed.Sent(attempt, row.epoch()));
            case NONE, DONE, REFUSED, PARKED -> sending.stage = Stage.NEW;
            case SENDING -> {
                if (world.monoMs < sending.deadlineMs) {
                    return;
                }
                if (isResent(sending.reply.toString())) {
                    sending.attempt++;
                    sending.stage = Stage.AGAIN;
                } else {
                    refuse(holding, sending, attempt, row.epoch());
                }
            }
        }
    }

    private static void refuse(Holding<Memory> holding, Sending sending, ReplyAttempt attempt, long epoch) {
        var record = sending.reply.toString().getBytes(UTF_8);
        seal(holding, sending, new Sealed.Refused(attempt, epoch, "no", record));
    }

    private static void seal(Holding<Memory> holding, Sending sending, Sealed sealed) {
        holding.memory.sealed.add(sealed);
        close(holding.memory, sending);
    }

    private static void close(Memory memory, Sending sending) {
        memory.sendings.remove(sending);
        sending.open.left--;
        if (sending.open.left == 0) {
            memory.entries.add(sending.open.sealed());
        }
    }

    private void settle(Holding<Memory> holding, List<SealedEntry> entries) {
        var settling = holding.memory.settling;
        try {
            var said = world.fenced(
                    holding.partition,
                    group,
                    holding.fence,
                    () -> world.store.settle(holding.partition, holding.fence, settling, entries));
            if (said.lost()) {
                then(holding, () -> settle(holding, entries));
            } else {
                holding.memory.settling = new ArrayList<>();
            }
        } catch (LeaseLost lost) {
            for (var sealed : settling) {
                if (sealed instanceof Sealed.Sent sent) {
                    world.call(() -> world.store.sentLate(holding.partition, holding.fence, sent.attempt()));
                }
            }
            throw lost;
        }
    }
}
