/** Requests to a server that speaks S3, and what it answers, taken apart into errors that a user can act on. No key is in any of them. */
import type { AwsClient } from 'aws4fetch';
import { StateError } from '../errors.ts';
import { redactorFor } from '../redact.ts';
import { nameOf } from './place.ts';
import type { Environment, S3Address } from './place.ts';

/** A server that says nothing for so long is asked again. Long enough for some megabytes on a slow line. */
const SILENT_MILLISECONDS = 60_000;

export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
}

export interface S3Answer {
  /** Null where there is no such object. */
  readonly bytes: Uint8Array | null;
}

export interface S3Requests {
  /** For messages. */
  readonly who: string;
  /** One request; what it throws goes through `explained`. */
  readonly send: (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | null,
  ) => Promise<S3Answer>;
  readonly explained: (thrown: unknown) => StateError;
}

/** The variables that every tool for AWS reads. @throws StateError PR6026 */
export function keyFrom(env: Environment, location: string): S3Key {
  const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '', AWS_SESSION_TOKEN: token = '' } = env;
  if (id === '' || secret === '') {
    throw new StateError(
      'PR6026',
      `there is no key for ${location}`,
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN too, where there is one); profiles and roles of a machine are not looked at',
    );
  }
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token === '' ? {} : { sessionToken: token }),
    region: regionFrom(env),
  };
}

function regionFrom({ AWS_REGION, AWS_DEFAULT_REGION }: Environment): string {
  return AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1';
}

/** The server's URL without a slash at its end. @throws StateError PR6028 */
function endpointFrom(env: Environment): string {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = env;
  const named = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL;
  if (named === undefined || named === '') return `https://s3.${regionFrom(env)}.amazonaws.com`;
  if (URL.canParse(named) && /^https?:$/.test(new URL(named).protocol)) return named.replace(/\/+$/, '');
  throw new StateError('PR6028', `AWS_ENDPOINT_URL is no URL of a server: ${named}`, 'write it as http://host:9000');
}

/** A refusal, by what the server says of it. */
class Refused extends Error {
  readonly status: number;
  readonly s3: string;

  constructor(status: number, s3: string, text: string) {
    super(text);
    this.status = status;
    this.s3 = s3;
  }
}

function codeOf(thrown: unknown): string {
  const cause: unknown = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the host name cannot be looked up now'],
]);

function within(xml: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
}

export function s3Requests(client: AwsClient, address: S3Address, env: Environment): S3Requests {
  const endpoint = endpointFrom(env);
  const location = nameOf(address);
  const shown = redactorFor(endpoint);
  const hidden = [env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']].filter((secret) => secret);
  /** A server may say again what it was told. */
  const safe = (text: string): string =>
    hidden.reduce<string>((said, secret) => said.replaceAll(secret ?? '', '***'), shown(text));
  const who = `the object store ${location} at ${safe(endpoint)}`;

  const refusal = ({ status, s3, message }: Refused): StateError => {
    const said = safe(`${status} ${s3} ${message}`.trim());
    if (s3 === 'NoSuchBucket') {
      const help = 'make it, or correct its name in --objects';
      return new StateError('PR6027', `${who}: there is no bucket ${address.bucket}`, help);
    }
    if (status === 301 || status === 307 || s3 === 'AuthorizationHeaderMalformed') {
      return new StateError('PR6023', `${who} is in another region: ${said}`, 'set AWS_REGION to that of the bucket');
    }
    if (status === 401 || status === 403) {
      const help =
        'look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, at the clock of this machine, and whether the key may list, read, write and delete there';
      return new StateError('PR6026', `${who} refused the key: ${said}`, help);
    }
    if (status >= 500 || status === 429 || status === 408) {
      return new StateError('PR6002', `cannot reach ${who}: it answers ${said}`, 'wait, or look at the server');
    }
    return new StateError('PR6023', `${who} failed: ${said}`);
  };
  return {
    who,
    async send(method, path, headers, body) {
      const url = `${endpoint}/${address.bucket}${path}`;
      const signed = await client.sign(url, { method, headers: { ...headers }, ...(body === null ? {} : { body }) });
      const answer = await fetch(signed, { signal: AbortSignal.timeout(SILENT_MILLISECONDS), redirect: 'manual' });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (answer.ok) return { bytes };
      const xml = Buffer.from(bytes).toString('utf8');
      const code = within(xml, 'Code');
      if (answer.status === 404 && code !== 'NoSuchBucket') return { bytes: null };
      throw new Refused(answer.status, code, within(xml, 'Message').slice(0, 300));
    },
    explained(thrown) {
      if (thrown instanceof StateError) return thrown;
      if (thrown instanceof Refused) return refusal(thrown);
      const code = codeOf(thrown);
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      const why = WHY.get(code) ?? safe(code === '' ? text : `${text} (${code})`);
      const help = 'start the server, or correct AWS_ENDPOINT_URL (or AWS_REGION)';
      return new StateError('PR6002', `cannot reach ${who}: ${why}`, help);
    },
  };
}
