/** What goes wrong with Redis, taken apart into errors that a user can act on. No password is in any of them. */
import { StateError } from '../errors.ts';
import type { StateFault } from '../errors.ts';
import { redactorFor } from '../redact.ts';
import type { RedisAddress } from './address.ts';

const WHY: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'it closed the connection; a server that speaks TLS wants rediss://'],
  ['EAI_AGAIN', 'the host name cannot be looked up now'],
  ['ETIMEDOUT', 'it does not answer'],
  ['EHOSTUNREACH', 'there is no way to that host'],
]);

interface Reply {
  readonly sign: RegExp;
  readonly fault: StateFault;
  readonly said: string;
  /** Whether its own words tell more. Default true. */
  readonly quoted?: boolean;
  readonly help: string;
}

const RESUME = 'then go on with --resume: what was kept is not asked for again';

/** What a server answers when it does not want to, by the words it says it with. The first that fits counts. */
const REPLIES: readonly Reply[] = [
  {
    sign: /\bNOAUTH\b/,
    fault: 'PR6021',
    said: 'wants a password, and the address has none',
    quoted: false,
    help: 'put user:password@ in front of the host in the address, or :password@ without a user; characters such as @ / : percent-encoded',
  },
  {
    sign: /\b(WRONGPASS|NOPERM)\b|invalid password|without any password/i,
    fault: 'PR6003',
    said: 'refused the user or password',
    help: 'put the right user:password@ in front of the host in the address, with characters such as @ / : percent-encoded',
  },
  {
    sign: /\bREADONLY\b/,
    fault: 'PR6015',
    said: 'is a replica: it takes no writes (READONLY)',
    quoted: false,
    help: `give the address of the primary, or wait until this server has become one, ${RESUME}`,
  },
  {
    sign: /\bOOM\b/,
    fault: 'PR6017',
    said: 'is out of memory: it takes no more answers (maxmemory)',
    quoted: false,
    help: `raise maxmemory (redis-cli CONFIG SET maxmemory 2gb), or make room with pyscope jobs rm, ${RESUME}`,
  },
  {
    sign: /\bMISCONF\b/,
    fault: 'PR6022',
    said: 'cannot write to its disk',
    help: `look at its log and make room on its disk, ${RESUME}`,
  },
];

/** Certificates that are not trusted, and servers that do not speak TLS. */
const TLS = /^(EPROTO|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

/** A server that is there and will answer soon. */
const BUSY = /\b(LOADING|BUSY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)\b/;

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

/** @param thrown by the client */
export function explain(thrown: unknown, address: RedisAddress): StateError {
  if (thrown instanceof StateError) return thrown;
  const text = redactorFor(address.url)(thrown instanceof Error ? thrown.message : String(thrown));
  const where = `Redis at ${address.shown}`;
  const reply = REPLIES.find(({ sign }) => sign.test(text));
  if (reply !== undefined) {
    const quoted = reply.quoted === false ? '' : `: ${text}`;
    return new StateError(reply.fault, `${where} ${reply.said}${quoted}`, reply.help);
  }
  const code = codeOf(thrown);
  // A server that speaks no TLS waits for the rest of what it takes for a line.
  const silent = code === 'ETIMEDOUT' && address.url.startsWith('rediss:');
  if (silent || TLS.test(code) || /secure TLS connection/.test(text)) {
    return new StateError(
      'PR6016',
      `no TLS connection to ${where}: ${text}`,
      'rediss:// is for a server that speaks TLS with a certificate this machine trusts (NODE_EXTRA_CA_CERTS=ca.pem adds one); redis:// is for one without',
    );
  }
  if (code === 'ENOTFOUND') {
    return new StateError(
      'PR6020',
      `cannot reach ${where}: there is no such host`,
      'correct the name of the host in the address (--state or REDIS_URL)',
    );
  }
  if (code !== '' || BUSY.test(text) || /timed? ?out|closed|max retries|isn't writeable/i.test(text)) {
    return new StateError(
      'PR6002',
      `cannot reach ${where}: ${WHY.get(code) ?? text}`,
      'start the server or correct the address (--state or REDIS_URL); --state none runs without a record',
    );
  }
  return new StateError('PR6007', `${where} failed: ${text}`);
}
