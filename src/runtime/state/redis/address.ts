import { StateError } from '../errors.ts';
import { redact } from '../redact.ts';
import { DEFAULT_PREFIX } from './keys.ts';

export interface RedisAddress {
  /** For the client; holds the password. */
  readonly url: string;
  readonly prefix: string;
  /** For messages. */
  readonly shown: string;
}

function refused(address: string, why: string): StateError {
  return new StateError(
    'PR6001',
    `${redact(address)} is no address of a job store: ${why}`,
    'write it as redis://host:6379/0?prefix=pyscope, with user:password@ in front of the host where it wants that; all but the host may be left out',
  );
}

/** `redis://[user[:password]@]host[:port][/database][?prefix=…]`, or `rediss:` for TLS. @throws StateError PR6001 */
export function parseRedisAddress(address: string): RedisAddress {
  if (!URL.canParse(address)) throw refused(address, 'it is no URL');
  const url = new URL(address);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw refused(address, 'it does not begin with redis://');
  if (url.hostname === '') throw refused(address, 'it names no host');
  const prefix = url.searchParams.get('prefix') ?? DEFAULT_PREFIX;
  if (!/^[A-Za-z0-9_-]+$/.test(prefix)) throw refused(address, 'a prefix has letters, digits, _ and - only');
  url.searchParams.delete('prefix');
  if (url.searchParams.size > 0)
    throw refused(address, `it does not know ?${[...url.searchParams.keys()].join(', ')}=`);
  if (!/^(\/\d*)?$/.test(url.pathname)) throw refused(address, 'behind the host stands the number of a database');
  return { url: url.href, prefix, shown: redact(url.href) };
}
