/** A connection to Redis that fails with errors a user can act on, and never shows a password. */
import type { Redis } from 'ioredis';
import type { StateError } from '../errors.ts';
import { isOutage, patiently, SHORTLY } from '../patience.ts';
import type { Patience } from '../store.ts';
import type { RedisAddress } from './address.ts';
import { explain } from './trouble.ts';

const CONNECT_MILLISECONDS = 5000;
/** A server that says nothing for so long is connected to anew. Long enough for some megabytes on a slow line. */
const SILENT_MILLISECONDS = 30_000;
const RECONNECT_MILLISECONDS = 1000;

export interface Step {
  readonly keys: number;
  readonly lua: string;
}

export interface Connection {
  /** One atomic step on the server, made again after an outage: twice must be as once. The answer is what the script's header says. */
  run(step: Step, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown>;
  /** A step that is not to be made again: an outage is an error. */
  runOnce(step: Step, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown>;
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

interface Client {
  readonly client: Redis;
  /** What went wrong with the connection since it was last there; null for nothing. */
  readonly lastTrouble: () => unknown;
}

async function connected(address: RedisAddress): Promise<Client> {
  const { Redis } = await import('ioredis');
  let everReady = false;
  let last: unknown = null;
  const client = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
    socketTimeout: SILENT_MILLISECONDS,
    // Calls are made again here, where it is known for how long: the client gives each back as soon as the connection is lost.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => (everReady ? Math.min(attempt * 100, RECONNECT_MILLISECONDS) : null),
  });
  client.on('ready', () => {
    everReady = true;
    last = null;
  });
  client.on('error', (thrown: unknown) => (last = thrown));
  try {
    await client.connect();
    await client.ping();
  } catch (thrown) {
    client.disconnect();
    throw explain(last ?? thrown, address);
  }
  return { client, lastTrouble: () => last };
}

/** @throws StateError as trouble.ts tells them apart, PR6019 for a server that was away for longer than `patience` */
export async function connect(address: RedisAddress, patience: Patience = SHORTLY): Promise<Connection> {
  const { client, lastTrouble } = await connected(address);
  /** A call that found no connection does not know why there is none. */
  const explained = (thrown: unknown): StateError => {
    const error = explain(thrown, address);
    return isOutage(error) && lastTrouble() !== null ? explain(lastTrouble(), address) : error;
  };
  const guarded = patiently(`Redis at ${address.shown}`, patience, explained);
  return {
    run: (step, keys, args) => guarded(() => client.eval(step.lua, step.keys, ...keys, ...args)),
    async runOnce(step, keys, args) {
      try {
        return await client.eval(step.lua, step.keys, ...keys, ...args);
      } catch (thrown) {
        throw explained(thrown);
      }
    },
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
