/** A Redis for tests: REDIS_URL, else one that answers on this machine, else one started for the test on a free port, else none. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
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

/** One that the test started, and may do anything to. */
export interface OwnRedis extends TestRedis {
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** As a crash does. */
  kill(): Promise<void>;
  /** Starts it anew, on the same port and data. */
  restart(): Promise<void>;
}

class Server implements OwnRedis {
  readonly url: string;
  private readonly folder: string;
  private readonly args: readonly string[];
  private process: ChildProcess | null = null;

  constructor(port: number, folder: string, options: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.folder = folder;
    this.args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options];
  }

  /** Resolves to whether it answers. */
  async begin(): Promise<boolean> {
    const child = spawn('redis-server', this.args, { stdio: 'ignore' });
    const gone = (): void => {
      if (this.process === child) this.process = null;
    };
    this.process = child;
    child.on('error', gone);
    child.on('exit', gone);
    for (let tries = 0; tries < 100 && this.process !== null; tries += 1) {
      if (await answers(this.url)) return true;
      await pause(50);
    }
    return false;
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  async kill(): Promise<void> {
    const child = this.process;
    if (child === null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async restart(): Promise<void> {
    if (!(await this.begin())) throw new Error('redis-server did not start again');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts `redis-server` of PATH; null where there is none. */
export async function startRedis(...options: readonly string[]): Promise<OwnRedis | null> {
  const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), 'pyscope-redis-')), options);
  if (await server.begin()) return server;
  await server.stop();
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
