/** A Redis that is to hold the state of jobs: each check looks at one fact. */
import type { RedisFacts } from '../../runtime/state/redis/facts.ts';
import { bytes } from '../units.ts';
import { advice, fine, messageOf, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** @param address as `--state` or REDIS_URL has it */
export async function redisChecks(address: string): Promise<readonly Finding[]> {
  const [{ parseRedisAddress }, { connect }, { REDIS_SETTINGS, redisFacts }, { StateError }] = await Promise.all([
    import('../../runtime/state/redis/address.ts'),
    import('../../runtime/state/redis/connection.ts'),
    import('../../runtime/state/redis/facts.ts'),
    import('../../runtime/state/errors.ts'),
  ]);
  try {
    const parsed = parseRedisAddress(address);
    const connection = await connect(parsed);
    try {
      const { info, config } = await connection.facts(REDIS_SETTINGS);
      const facts = redisFacts(info, config);
      return [fine('redis', `Redis answers at ${parsed.shown}`), ...judge(facts)];
    } finally {
      await connection.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof StateError)) throw thrown;
    return [wrong('redis', `${thrown.code}: ${messageOf(thrown)}`, thrown.help ?? 'look at the server')];
  }
}

export function judge(facts: RedisFacts): readonly Finding[] {
  return [version(facts), role(facts), policy(facts), memory(facts), persistence(facts), disk(facts)];
}

function version({ server, version, compatible: [major, minor] }: RedisFacts): Finding {
  const what = `${server} ${version}`;
  if (major > 6 || (major === 6 && minor >= 2)) return fine('redis-version', what);
  return wrong('redis-version', `${what} is too old`, 'use Redis 6.2 or later, or Valkey');
}

function role({ role, loading }: RedisFacts): Finding {
  if (role !== 'master') {
    const help = 'give the address of the primary: a replica refuses writes (READONLY)';
    return wrong('redis-role', `this server is a ${role === 'slave' ? 'replica' : role}`, help);
  }
  if (!loading) return fine('redis-role', 'it takes writes');
  return advice('redis-role', 'it is still loading its data', 'wait until it has loaded them');
}

function policy({ policy }: RedisFacts): Finding {
  if (policy === 'noeviction') return fine('redis-policy', 'maxmemory-policy is noeviction');
  const help =
    'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf: state must never be evicted';
  return wrong('redis-policy', `maxmemory-policy is ${policy}: Redis may throw the state of a job away`, help);
}

/** The part of its memory from which on Redis is nearly full. */
const NEARLY = 0.8;

function memory({ used, most, machine }: RedisFacts): Finding {
  if (most === 0) {
    const what = `it uses ${bytes(used)}, with no limit but the machine's ${bytes(machine)}`;
    if (used < NEARLY * machine) return fine('redis-memory', what);
    return advice('redis-memory', what, 'pyscope jobs rm frees what jobs hold; pyscope cache clear what answers hold');
  }
  const what = `it uses ${bytes(used)} of ${bytes(most)} (maxmemory)`;
  if (used < NEARLY * most) return fine('redis-memory', what);
  const help = 'raise maxmemory, or free some: pyscope jobs rm, pyscope cache clear. A full Redis stops jobs';
  return used >= most ? wrong('redis-memory', what, help) : advice('redis-memory', what, help);
}

function persistence({ appendOnly, fsync, save }: RedisFacts): Finding {
  if (appendOnly) {
    const when = fsync ?? 'everysec';
    const lost = when === 'always' ? 'nothing is lost' : 'up to a second of commits is lost';
    const what = `append-only file, fsync ${fsync ?? 'unknown'}: ${lost} when its machine goes down`;
    if (when !== 'no') return fine('redis-persistence', what);
    return advice('redis-persistence', what, 'redis-cli CONFIG SET appendfsync everysec');
  }
  const help = 'redis-cli CONFIG SET appendonly yes, and the same in redis.conf, with appendfsync everysec';
  if (save === '') {
    return advice('redis-persistence', 'no persistence: a restart of Redis loses all jobs that are under way', help);
  }
  return advice('redis-persistence', 'snapshots only: a restart loses what came after the last one', help);
}

function disk({ written }: RedisFacts): Finding {
  if (written) return fine('redis-disk', 'its last write to disk went well');
  return wrong('redis-disk', 'its last write to disk failed', "look at the room on Redis's disk and at its log");
}
