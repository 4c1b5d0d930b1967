// SPDX-License-Identifier: Apache-2.0
// A webhook endpoint on Fastify and ioredis, as well as we can write one: two processes, the raw body is checked and
// parsed once, commands of requests that come together share a write (auto-pipelining), 200 after every XADD's reply.
import cluster from 'node:cluster';
import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import { Redis } from 'ioredis';

const [port, redisPort, secret] = process.argv.slice(2);

if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
  cluster.on('exit', () => process.exit(1));
} else {
  const redis = new Redis({ host: '127.0.0.1', port: Number(redisPort), enableAutoPipelining: true });
  const streams = Array.from({ length: 16 }, (_, shard) => `node:in:${shard}`);

  const genuine = (body, header) => {
    if (header?.length !== 71 || !header.startsWith('sha256=')) {
      return false;
    }
    return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(header.slice(7), 'hex'));
  };

  const streamOf = (sender) => {
    let hash = 0;
    for (let i = 0; i < sender.length; i++) {
      hash = (hash * 31 + sender.charCodeAt(i)) | 0;
    }
    return streams[hash & 15];
  };

  const store = (event, json) => redis.xadd(streamOf(event.sender.id), '*', 'id', event.message.mid, 'event', json);

  const app = Fastify({ logger: false, bodyLimit: 1 << 20, keepAliveTimeout: 60_000 });
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/load', async (request, reply) => {
    const body = request.body;
    if (!genuine(body, request.headers['x-hub-signature-256'])) {
      return reply.code(401).send();
    }
    const { entry } = JSON.parse(body);
    if (entry.length === 1 && entry[0].messaging.length === 1) {
      // The body itself is the event: no need to write the JSON again.
      await store(entry[0].messaging[0], body);
    } else {
      await Promise.all(
        entry.flatMap(({ messaging }) => messaging.map((event) => store(event, JSON.stringify(event)))));
    }
    return reply.send('EVENT_RECEIVED');
  });
  await app.listen({ host: '127.0.0.1', port: Number(port), backlog: 1024 });
}
