/** A connection to Redis that fails with errors a user can act on, and never shows a password. */
import type { Redis } from 'ioredis';
import type { RedisAddress } from './address.ts';
import { explain } from './trouble.ts';

const CONNECT_MILLISECONDS = 5000;
const RETRIES = 3;

export interface Step {
  readonly keys: number;
  readonly lua: string;
}

export interface Connection {
  /** One atomic step on the server. The answer is what the script's header says. */
  run(step: Step, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown>;
  idsByStart(key: string): Promise<readonly string[]>;
  /** The bytes at a field of a hash; null when there are none. */
  bytesAt(key: string, field: string): Promise<Uint8Array | null>;
  fieldsOf(key: string): Promise<readonly string[]>;
  /** Takes members out of a sorted set. */
  takeOut(key: string, members: readonly string[]): Promise<void>;
  /** What the server says of itself: INFO, and names and values of these settings (CONFIG GET) where it does not keep them to itself. */
  facts(settings: readonly string[]): Promise<{ readonly info: string; readonly config: readonly string[] }>;
  close(): Promise<void>;
}

async function connected(address: RedisAddress): Promise<Redis> {
  const { Redis } = await import('ioredis');
  let everReady = false;
  let last: unknown = null;
  const client = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
    maxRetriesPerRequest: RETRIES,
    retryStrategy: (attempt) => (everReady && attempt <= RETRIES ? attempt * 200 : null),
  });
  client.on('ready', () => (everReady = true));
  client.on('error', (thrown: unknown) => (last = thrown));
  try {
    await client.connect();
    await client.ping();
  } catch (thrown) {
    client.disconnect();
    throw explain(last ?? thrown, address);
  }
  return client;
}

/** @throws StateError PR6002, PR6003 */
export async function connect(address: RedisAddress): Promise<Connection> {
  const client = await connected(address);
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (thrown) {
      throw explain(thrown, address);
    }
  };
  return {
    run: (step, keys, args) => guarded(() => client.eval(step.lua, step.keys, ...keys, ...args)),
    idsByStart: (key) => guarded(() => client.zrevrange(key, 0, -1)),
    bytesAt: (key, field) => guarded(() => client.hgetBuffer(key, field)),
    fieldsOf: (key) => guarded(() => client.hkeys(key)),
    takeOut: async (key, members) => {
      if (members.length > 0) await guarded(() => client.zrem(key, ...members));
    },
    facts: (settings) =>
      guarded(async () => {
        const info = await client.info();
        const config: string[] = [];
        for (const name of settings) {
          const told: unknown = await client.config('GET', name).catch(() => []);
          if (Array.isArray(told)) config.push(...told.map(String));
        }
        return { info, config };
      }),
    async close() {
      client.disconnect();
    },
  };
}
