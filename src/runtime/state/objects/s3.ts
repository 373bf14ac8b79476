/** Objects in a bucket of anything that speaks S3 (AWS, MinIO, Ceph, R2 …), addressed by path: `endpoint/bucket/prefix/job/digest`. */
import { createHash } from 'node:crypto';
import { patiently, SHORTLY } from '../patience.ts';
import type { Patience } from '../store.ts';
import { isDigest } from './object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { nameOf } from './place.ts';
import type { Environment, S3Address } from './place.ts';
import { keyFrom, s3Requests } from './s3-requests.ts';
import type { S3Answer } from './s3-requests.ts';

/** Requests at a time, where many objects go. */
const AT_ONCE = 8;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digests in a page of a listing, and where the next begins; null for none. Names of objects are ours: no entity of XML is in what is read. */
function pageOf(xml: string): { readonly digests: readonly string[]; readonly next: string | null } {
  const names = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key.slice(key.lastIndexOf('/') + 1));
  const [, token = null] = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(xml) ?? [];
  const next = token === null ? null : token.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return { digests: names.filter(isDigest), next };
}

/** @throws StateError PR6026 where there is no key. What goes wrong with the server is thrown by the calls. */
export async function s3Objects(address: S3Address, env: Environment, patience: Patience): Promise<ObjectStore> {
  const location = nameOf(address);
  const key = keyFrom(env, location);
  const { AwsClient } = await import('aws4fetch');
  const { send, explained, who } = s3Requests(new AwsClient({ ...key, service: 's3', retries: 0 }), address, env);
  // A server that is away when a run begins is not waited for.
  const first = patiently(who, SHORTLY, explained);
  const later = patiently(who, patience, explained);
  let answered = false;
  const asked = async (method: string, path: string, body: Uint8Array | null = null): Promise<S3Answer> => {
    const headers = body === null ? {} : { 'x-amz-content-sha256': sha256(body) };
    const answer = await (answered ? later : first)(() => send(method, path, headers, body));
    answered = true;
    return answer;
  };
  const root = address.prefix === '' ? '' : `${address.prefix}/`;
  const pathOf = (job: string, digest: string): string => `/${root}${job}/${digest}`;
  const remove = async (job: string, digest: string): Promise<void> => {
    await asked('DELETE', pathOf(job, digest));
  };
  const list = async (job: string): Promise<readonly string[]> => {
    const digests: string[] = [];
    let token = '';
    do {
      const more = token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`;
      const prefix = encodeURIComponent(`${root}${job}/`);
      const { bytes } = await asked('GET', `?list-type=2&prefix=${prefix}${more}`);
      const page = pageOf(Buffer.from(bytes ?? []).toString('utf8'));
      digests.push(...page.digests);
      token = page.next ?? '';
    } while (token !== '');
    return digests;
  };
  return {
    location,
    async put(job, digest, bytes) {
      await asked('PUT', pathOf(job, digest), bytes);
    },
    get: async (job, digest) => (await asked('GET', pathOf(job, digest))).bytes,
    delete: remove,
    list,
    async clear(job) {
      const digests = [...(await list(job))];
      while (digests.length > 0) await Promise.all(digests.splice(0, AT_ONCE).map((digest) => remove(job, digest)));
    },
  };
}
