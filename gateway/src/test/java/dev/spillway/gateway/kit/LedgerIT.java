// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.LedgerLine.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LedgerIT {
    private final Path folder;

    LedgerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void every_kind_of_line_comes_back_as_it_was() {
        List<LedgerLine> lines = List.of(
                new LedgerLine.Event("m_1", "100", "7001", 1, "ab", 5),
                new LedgerLine.Answer("m_1", Outcome.UNKNOWN, 6),
                new LedgerLine.Send("3/k/s/0", "100", "7001", 1, false, 7),
                new LedgerLine.InDoubt("3/k/s/0"),
                new LedgerLine.DeadLetter("m_1", "expired \"quoted\"\n"),
                new LedgerLine.Parked("m_1"),
                new LedgerLine.Repaired("m_1"));
        var file = folder.resolve("ledger");
        try (var ledger = Ledger.open(file)) {
            lines.forEach(ledger::write);
        }

        assertThat(Ledger.read(file)).isEqualTo(lines);
    }

    @Test
    void a_ledger_opened_again_goes_on_and_a_torn_last_line_is_left_out() throws Exception {
        var file = folder.resolve("ledger");
        for (int i = 0; i < 2; i++) {
            try (var ledger = Ledger.open(file)) {
                ledger.write(new LedgerLine.Parked("m_" + i));
            }
        }
        Files.writeString(file, "{\"line\":\"par", StandardOpenOption.APPEND);

        assertThat(Ledger.read(file)).containsExactly(new LedgerLine.Parked("m_0"), new LedgerLine.Parked("m_1"));
    }

    @Test
    void threads_do_not_mix_their_lines() {
        var file = folder.resolve("ledger");
        try (var ledger = Ledger.open(file)) {
            IntStream.range(0, 2_000).parallel().forEach(i -> ledger.write(new LedgerLine.InDoubt("rid-" + i)));
        }

        assertThat(Ledger.read(file)).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void what_was_written_survives_a_kill_of_the_writer() {
        var file = folder.resolve("ledger");
        try (var writer = GatewayProcess.main(Writer.class, file.toString())
                .named("ledger")
                .start()) {
            writer.awaitLine("written", Duration.ofSeconds(30));
            writer.kill9();
        }

        assertThat(Ledger.read(file)).contains(new LedgerLine.Parked("before"));
    }

    /** Writes one line and then waits to be killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            Ledger.open(Path.of(args[0])).write(new LedgerLine.Parked("before"));
            System.out.println("written");
            Thread.sleep(60_000);
        }
    }
}
