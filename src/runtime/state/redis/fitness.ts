/** Whether a server may hold the state of jobs. */
import { StateError } from '../errors.ts';
import type { RedisFacts } from './facts.ts';

/** @throws StateError PR6013, PR6014, PR6015 */
export function refuseUnfit({ server, version, compatible, role, policy }: RedisFacts, shown: string): void {
  const [major, minor] = compatible;
  if (major < 6 || (major === 6 && minor < 2)) {
    throw new StateError('PR6014', `${server} at ${shown} is too old: ${version}`, 'use Redis 6.2 or later, or Valkey');
  }
  if (role === 'slave') {
    throw new StateError(
      'PR6015',
      `${server} at ${shown} is a replica: what is written to it is refused or lost`,
      'give the address of the primary',
    );
  }
  if (policy !== 'noeviction') {
    throw new StateError(
      'PR6013',
      `${server} at ${shown} may throw the state of a job away: its maxmemory-policy is ${policy === '' ? 'not told' : policy}`,
      'redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf: maxmemory-policy noeviction',
    );
  }
}
