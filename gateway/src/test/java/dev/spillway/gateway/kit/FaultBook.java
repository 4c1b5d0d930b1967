// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** What a proxy has seen, and the faults that wait for what it will see. For any thread. */
final class FaultBook {
    static final int COMMANDS_KEPT = 20_000;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final List<Fault> waiting = new ArrayList<>();
    private final ArrayDeque<Fault> waitingForReply = new ArrayDeque<>();
    private final ArrayDeque<Command> commands = new ArrayDeque<>();

    Fault add(Fault fault) {
        lock.lock();
        try {
            waiting.add(fault);
            return fault;
        } finally {
            lock.unlock();
        }
    }

    Fault addForReply(Fault fault) {
        lock.lock();
        try {
            waitingForReply.add(fault);
            return fault;
        } finally {
            lock.unlock();
        }
    }

    void clearFaults() {
        lock.lock();
        try {
            waiting.clear();
            waitingForReply.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Notes a command that no fault can strike. */
    void note(Command command) {
        lock.lock();
        try {
            if (commands.size() == COMMANDS_KEPT) {
                commands.removeFirst();
            }
            commands.addLast(command);
        } finally {
            lock.unlock();
        }
    }

    /** The fault that is due at this command; when several are, the first that was asked for. */
    Optional<Fault> dueAt(Command command) {
        lock.lock();
        try {
            var due = waiting.stream().filter(fault -> fault.isDueAt(command)).toList();
            waiting.removeAll(due);
            return due.stream().findFirst();
        } finally {
            lock.unlock();
        }
    }

    Optional<Fault> dueAtNextReply() {
        lock.lock();
        try {
            return Optional.ofNullable(waitingForReply.poll());
        } finally {
            lock.unlock();
        }
    }

    List<Command> commands() {
        lock.lock();
        try {
            return List.copyOf(commands);
        } finally {
            lock.unlock();
        }
    }

    void forgetCommands() {
        lock.lock();
        try {
            commands.clear();
        } finally {
            lock.unlock();
        }
    }
}
