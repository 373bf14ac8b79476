/**
 * A small server that speaks as much of S3 as objects need, on 127.0.0.1, and is strict about it: each request must be signed with the right key by AWS Signature
 * Version 4 (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), and a body must have the check sum that was signed. The signature is computed
 * here anew, with node:crypto, and by no code of the client's.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';

export const S3_KEY = { id: 'AKIDTEST', secret: 's3cret/With+Signs=' };
export const BUCKET = 'values';

export interface SignedRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The signature that a request has to have, by the headers that it says are signed. */
export function signatureOf({ method, url, headers }: SignedRequest, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+),\s*SignedHeaders=([^,]+)/.exec(headers.get('authorization') ?? '') ?? [];
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const signed = names.split(';').map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const payload = headers.get('x-amz-content-sha256') ?? '';
  const path = decodeURIComponent(pathname).split('/').map(encoded).join('/');
  const canonical = [method, path, query, signed.join(''), names, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers.get('x-amz-date') ?? '', scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Uint8Array>((before, part) => hmac(before, part), `AWS4${secret}`);
  return Buffer.from(hmac(key, text)).toString('hex');
}

/** What is wrong with a request's signature; null for nothing. */
function refusalOf(request: SignedRequest, body: Uint8Array): string | null {
  const { headers } = request;
  const [, id, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.get('authorization') ?? '',
    ) ?? [];
  if (id === undefined) return 'AccessDenied';
  if (id !== S3_KEY.id) return 'InvalidAccessKeyId';
  for (const name of ['host', 'x-amz-content-sha256', 'x-amz-date']) {
    if (!names.split(';').includes(name)) return 'AccessDenied';
  }
  const date = headers.get('x-amz-date') ?? '';
  const at = Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - at) < 900_000)) return 'RequestTimeTooSkewed';
  if (scope !== `${date.slice(0, 8)}/us-east-1/s3/aws4_request`) return 'AuthorizationHeaderMalformed';
  const payload = headers.get('x-amz-content-sha256');
  if (body.length > 0 && payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const right = signatureOf(request, S3_KEY.secret);
  return timingSafeEqual(Buffer.from(right), Buffer.from(signature)) ? null : 'SignatureDoesNotMatch';
}

interface Reply {
  readonly status: number;
  readonly body?: Uint8Array | string;
}

function failure(status: number, code: string): Reply {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>of ${code}</Message></Error>` };
}

export class S3Server {
  readonly objects = new Map<string, Uint8Array>();
  /** `PUT /values/a/b`, in their order. */
  readonly requests: string[] = [];
  /** Names in a page of a listing. */
  pageSize = 2;
  /** So many of the next requests are answered with this instead. */
  faults: { readonly times: number; readonly status: number; readonly code: string } = {
    times: 0,
    status: 0,
    code: '',
  };
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answered(request).then(({ status, body = '' }) => {
        response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
        response.end(request.method === 'HEAD' ? '' : body);
      });
    });
  }

  async begin(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this.url;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What AWS_… variables have to say to reach it. */
  get environment(): Readonly<Record<string, string>> {
    return { AWS_ENDPOINT_URL: this.url, AWS_ACCESS_KEY_ID: S3_KEY.id, AWS_SECRET_ACCESS_KEY: S3_KEY.secret };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answered(request: IncomingMessage): Promise<Reply> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    if (this.faults.times > 0) {
      const { times, status, code } = this.faults;
      this.faults = { times: times - 1, status, code };
      return failure(status, code);
    }
    const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const refusal = refusalOf({ method, url, headers }, body);
    if (refusal !== null) return failure(403, refusal);
    return this.reply(method, new URL(url, this.url), body);
  }

  private reply(method: string, { pathname, searchParams }: URL, body: Uint8Array): Reply {
    const [, bucket = '', name = ''] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    if (bucket !== BUCKET) return failure(404, 'NoSuchBucket');
    if (name === '') return method === 'GET' ? this.listing(searchParams) : failure(405, 'MethodNotAllowed');
    if (method === 'PUT') {
      this.objects.set(name, body);
      return { status: 200 };
    }
    if (method === 'DELETE') {
      this.objects.delete(name);
      return { status: 204 };
    }
    const found = this.objects.get(name);
    return found === undefined ? failure(404, 'NoSuchKey') : { status: 200, body: found };
  }

  /** The token is the last name before the page, with signs that XML and URLs both take apart. */
  private listing(query: URLSearchParams): Reply {
    if (query.get('list-type') !== '2') return failure(400, 'InvalidArgument');
    const after = (query.get('continuation-token') ?? '').replace(/^<&\+/, '');
    const names = [...this.objects.keys()].filter((name) => name.startsWith(query.get('prefix') ?? '')).toSorted();
    const left = names.filter((name) => name > after);
    const page = left.slice(0, this.pageSize);
    const more = left.length > page.length;
    const keys = page.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('');
    const token = more ? `<NextContinuationToken>&lt;&amp;+${page.at(-1)}</NextContinuationToken>` : '';
    return {
      status: 200,
      body: `<ListBucketResult><IsTruncated>${more}</IsTruncated>${keys}${token}</ListBucketResult>`,
    };
  }
}
