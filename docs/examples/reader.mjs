// SPDX-License-Identifier: Apache-2.0
// Reads the events of a subscription with a plain consumer group: at least once, in order per conversation, no replies.
// node reader.mjs HOST PORT NAME, after: spillway subscription add NAME. Nothing but Node 18 is needed; with a client
// library `redis(...)` becomes its calls. Run one per subscription, and start it again whenever it ends.
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** As much of a client as this needs: one command, one reply. */
function connect(host, port) {
  const socket = net.createConnection({ host, port }).setKeepAlive(true, 5000);
  const arrived = socket[Symbol.asyncIterator]();
  let bytes = Buffer.alloc(0);
  async function take(length) {
    while (bytes.length < length) await more();
    const part = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return part.toString();
  }
  async function more() {
    const { value, done } = await arrived.next();
    if (done) throw new Error("Redis has closed the connection");
    bytes = Buffer.concat([bytes, value]);
  }
  async function reply() {
    while (!bytes.includes("\r\n")) await more();
    const line = await take(bytes.indexOf("\r\n") + 2);
    const [kind, rest] = [line[0], line.slice(1, -2)];
    if (kind === "-") throw new Error(rest);
    if (kind === "+" || kind === ":" || rest === "-1") return rest === "-1" ? null : rest;
    if (kind === "$") return (await take(+rest + 2)).slice(0, -2);
    const all = [];
    while (all.length < +rest) all.push(await reply());
    return all;
  }
  return (...words) => {
    const parts = words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
    socket.write(`*${parts.length}\r\n${parts.join("")}`);
    return reply();
  };
}

// Yours: may be called again with an event of the same id, so make it harmless.
function handle(event) {
  console.log(JSON.stringify([event.id, event.kind, event.user, event.event.message?.text]));
}

const [host, port, name] = process.argv.slice(2);
const redis = connect(host, +port);
const group = `${name}.${JSON.parse(await redis("HGET", "g1:subs", name)).generation}`;
const partitions = +(await redis("HGET", "g1:meta", "partitions"));
const seen = new Set();
const after = new Map(); // First what an earlier run took and did not finish.
for (let p = 0; p < partitions; p++) after.set(`g1:in:{p${p}}`, "0");
for (;;) {
  // Without BLOCK: what is given to a connection that just broke would be seen by nobody until the next start.
  const streams = [...after.keys(), ...after.values()];
  const taken = await redis("XREADGROUP", "GROUP", group, group, "COUNT", 10, "STREAMS", ...streams);
  for (const [stream, entries] of taken ?? []) {
    for (const [entry, values] of entries) {
      const fields = {};
      for (let i = 0; i < values.length; i += 2) fields[values[i]] = values[i + 1];
      let done = 0;
      for (const event of fields.b.split("\n").map((line) => JSON.parse(line))) {
        if (seen.has(event.id) || (event.only ?? name) !== name) continue;
        handle(event);
        seen.add(event.id); // A webhook may be stored twice; its id stays the same.
        done++;
      }
      const counters = stream.replace("g1:in:", "g1:ctr:");
      await redis("MULTI"); // Killed in between, it has done neither: the counters, which alarms look at, stay exact.
      await redis("XACK", stream, group, entry);
      await redis("HINCRBY", counters, `${group}:fin`, fields.n);
      await redis("HINCRBY", counters, `${group}:done`, done);
      await redis("EXEC");
    }
    if (after.get(stream) !== ">") after.set(stream, entries.at(-1)?.[0] ?? ">");
  }
  if (!taken) await pause(50);
  for (const id of seen) if (seen.size > 10000) seen.delete(id); else break;
}
