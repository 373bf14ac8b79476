/** What a Redis server is and how it is set, as far as it matters to state. */

export interface RedisFacts {
  readonly server: 'Redis' | 'Valkey';
  readonly version: string;
  /** The version of Redis whose commands it knows: that of a Valkey is another than its own. */
  readonly compatible: readonly [major: number, minor: number];
  readonly role: string;
  readonly policy: string;
  /** Bytes; `most` is 0 without a limit. */
  readonly used: number;
  readonly most: number;
  readonly machine: number;
  readonly appendOnly: boolean;
  /** Null where the server does not tell. */
  readonly fsync: string | null;
  /** When it takes snapshots (`3600 1 300 100`), '' for never, null where the server does not tell. */
  readonly save: string | null;
  /** Whether the last write to its disk went well. */
  readonly written: boolean;
  readonly loading: boolean;
}

/** The settings that facts are read from beside INFO. */
export const REDIS_SETTINGS = ['appendfsync', 'save'] as const;

/**
 * @param info the text of INFO
 * @param config names and values of CONFIG GET, one behind the other; empty where the server keeps them to itself, as hosted ones do
 */
export function redisFacts(info: string, config: readonly string[]): RedisFacts {
  const told = new Map(info.split(/\r?\n/).flatMap((line) => pairOf(line)));
  const settings = new Map(config.flatMap((name, at) => (at % 2 === 0 ? [[name, config[at + 1] ?? ''] as const] : [])));
  const text = (name: string): string => told.get(name) ?? '';
  const valkey = text('server_name') === 'valkey';
  const [major = 0, minor = 0] = text('redis_version').split('.').map(Number);
  return {
    server: valkey ? 'Valkey' : 'Redis',
    version: valkey ? text('valkey_version') : text('redis_version'),
    compatible: [major, minor],
    role: text('role'),
    policy: text('maxmemory_policy'),
    used: Number(text('used_memory')),
    most: Number(text('maxmemory')),
    machine: Number(text('total_system_memory')),
    appendOnly: text('aof_enabled') === '1',
    fsync: settings.get('appendfsync') ?? null,
    save: settings.get('save') ?? null,
    written: text('aof_last_write_status') !== 'err' && text('rdb_last_bgsave_status') !== 'err',
    loading: text('loading') === '1',
  };
}

function pairOf(line: string): readonly (readonly [string, string])[] {
  const colon = line.indexOf(':');
  return colon > 0 && !line.startsWith('#') ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
}
