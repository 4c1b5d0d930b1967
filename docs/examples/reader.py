# SPDX-License-Identifier: Apache-2.0
# Reads the events of a subscription with a plain consumer group: at least once, in order per conversation, no replies.
# python3 reader.py HOST PORT NAME, after: spillway subscription add NAME. Nothing but Python 3 is needed; with a client
# library `redis(...)` becomes its calls. Run one per subscription, and start it again whenever it ends.
import json, socket, sys, time


class Redis:
    """As much of a client as this needs: one command, one reply."""

    def __init__(self, host, port):
        self.file = socket.create_connection((host, port), timeout=5).makefile("rwb")

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.file.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.file.flush()
        return self.reply()

    def reply(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind not in (b"+", b":", b"$", b"*"):
            raise ConnectionError(line.decode() or "Redis has closed the connection")
        if kind in (b"+", b":") or rest == b"-1":
            return None if rest == b"-1" else rest
        return self.file.read(int(rest) + 2)[:-2] if kind == b"$" else [self.reply() for _ in range(int(rest))]


def handle(event):  # Yours: may be called again with an event of the same id, so make it harmless.
    text = event["event"].get("message", {}).get("text")
    print(json.dumps([event["id"], event["kind"], event["user"], text]), flush=True)


def main(host, port, name):
    redis, seen = Redis(host, port), {}
    group = "%s.%d" % (name, json.loads(redis("HGET", "g1:subs", name))["generation"])
    partitions = int(redis("HGET", "g1:meta", "partitions"))
    after = {b"g1:in:{p%d}" % p: b"0" for p in range(partitions)}  # First what an earlier run took and did not finish.
    while True:
        # Without BLOCK: what is given to a connection that just broke would be seen by nobody until the next start.
        taken = redis("XREADGROUP", "GROUP", group, group, "COUNT", 10, "STREAMS", *after, *after.values())
        for stream, entries in taken or []:
            for entry, values in entries:
                fields, done = dict(zip(values[::2], values[1::2])), 0
                for event in map(json.loads, fields[b"b"].split(b"\n")):
                    if event["id"] not in seen and event.get("only", name) == name:
                        handle(event)
                        seen[event["id"]] = True  # A webhook may be stored twice; its id stays the same.
                        done += 1
                counters = stream.replace(b"g1:in:", b"g1:ctr:")
                redis("MULTI")  # Killed in between, it has done neither: the counters, which alarms look at, stay exact.
                redis("XACK", stream, group, entry)
                redis("HINCRBY", counters, group + ":fin", fields[b"n"])
                redis("HINCRBY", counters, group + ":done", done)
                redis("EXEC")
            if after[stream] != b">":
                after[stream] = entries[-1][0] if entries else b">"
        if not taken:
            time.sleep(0.05)
        while len(seen) > 10000:
            del seen[next(iter(seen))]


main(*sys.argv[1:4])
