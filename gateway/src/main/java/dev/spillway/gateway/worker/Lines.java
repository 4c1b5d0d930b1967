// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.messenger.LineBuffer;
import dev.spillway.gateway.stream.SetAside;
import java.util.ArrayList;
import java.util.List;

/** Makes batches of the records of works, as long as a lane's would be. Pure. */
final class Lines {
    private static final int EVENTS_MAX = 256;
    private static final int BYTES_MAX = 256 * 1024;

    private Lines() {}

    static List<SetAside.Lines> of(List<Work> works) {
        var batches = new ArrayList<SetAside.Lines>();
        var lines = new LineBuffer(BYTES_MAX / 4);
        var count = 0;
        for (var work : works) {
            var line = line(work);
            if (count == EVENTS_MAX || (count > 0 && lines.size() + line.length >= BYTES_MAX)) {
                batches.add(new SetAside.Lines(count, lines.toByteArray()));
                lines = new LineBuffer(BYTES_MAX / 4);
                count = 0;
            }
            if (count > 0) {
                lines.write('\n');
            }
            lines.writeBytes(line);
            count++;
        }
        if (count > 0) {
            batches.add(new SetAside.Lines(count, lines.toByteArray()));
        }
        return batches;
    }

    // That it is read again after a reset is known by its entry in the stream of all; from here on by its record.
    private static byte[] line(Work work) {
        if (work.event().mark().source() != Event.Mark.Source.REPLAY) {
            return work.line();
        }
        var marked = new LineBuffer(work.line().length + 32);
        EventJson.append(work.event(), marked);
        return marked.toByteArray();
    }
}
