// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file to which the harness writes what happened, one JSON line each, before it lets it happen.
 *
 * <p>A line is with the system when {@link #write} returns: it outlives this process, and another can read it. For any
 * thread.
 */
public final class Ledger implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ReentrantLock lock = new ReentrantLock();
    private final FileChannel file;

    private Ledger(FileChannel file) {
        this.file = file;
    }

    /** Goes on at the end of the file, or starts it. */
    public static Ledger open(Path path) {
        try {
            return new Ledger(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void write(LedgerLine line) {
        lock.lock();
        try {
            var bytes = ByteBuffer.wrap((JSON.writerFor(LedgerLine.class).writeValueAsString(line) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The lines of these files, each in its order. A last line without its end, which a writer is just writing or was
     * killed at, is left out.
     */
    public static List<LedgerLine> read(Path... paths) {
        var lines = new ArrayList<LedgerLine>();
        try {
            for (var path : paths) {
                var text = Files.readString(path);
                for (var line :
                        text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                    lines.add(JSON.readValue(line, LedgerLine.class));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
