/** A Redis for tests: REDIS_URL, else one that answers on this machine, else one started for the test on a free port, else none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 500, retryStrategy: () => null });
  let last = '';
  client.on('error', (thrown: unknown) => (last = String(thrown)));
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return last.includes('NOAUTH');
  } finally {
    client.disconnect();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Starts `redis-server` of PATH; null where there is none. */
export async function startRedis(...options: readonly string[]): Promise<TestRedis | null> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'pyscope-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const running = { now: true };
  server.on('error', () => (running.now = false));
  server.on('exit', () => (running.now = false));
  const stop = async (): Promise<void> => {
    if (running.now) {
      server.kill();
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const url = `redis://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100 && running.now; tries += 1) {
    if (await answers(url)) return { url, stop };
    await pause(50);
  }
  await stop();
  return null;
}

export async function findRedis(): Promise<TestRedis | null> {
  const stop = async (): Promise<void> => {};
  const named = process.env['REDIS_URL'];
  if (named !== undefined && named !== '') return { url: named, stop };
  const usual = 'redis://127.0.0.1:6379';
  if (await answers(usual)) return { url: usual, stop };
  return startRedis();
}
