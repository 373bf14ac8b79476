/** Which object store a text means, and the one place that opens it: the client for S3 is loaded only when it is wanted. */
import { resolve } from 'node:path';
import { StateError } from '../errors.ts';
import type { Patience } from '../store.ts';
import { folderObjects } from './folder.ts';
import type { ObjectStore } from './object-store.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface S3Address {
  readonly bucket: string;
  /** Without slashes at its ends; '' for none. */
  readonly prefix: string;
}

function refused(address: string, why: string): StateError {
  return new StateError(
    'PR6028',
    `${address} is no place for big values: ${why}`,
    'write it as s3://bucket or s3://bucket/prefix; the key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the server from AWS_ENDPOINT_URL. Anything without :// is a folder',
  );
}

/** Null for a folder. @throws StateError PR6028 */
export function parseObjects(text: string): S3Address | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return null;
  const [, bucket, path = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/i.exec(text) ?? [];
  if (bucket === undefined) throw refused(text, 'it does not begin with s3://');
  // The help says where keys go; one that was typed here is not repeated.
  if (bucket.includes('@')) throw refused('an address with a key in it', 'keys do not belong into it');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw refused(text, `${bucket} is no name of a bucket`);
  const prefix = path.replace(/^\/+|\/+$/g, '');
  const odd = prefix.split('/').some((part) => !/^[A-Za-z0-9_.-]+$/.test(part) || /^\.+$/.test(part));
  if (prefix !== '' && odd) throw refused(text, 'a prefix has letters, digits, _ - . and / only');
  return { bucket, prefix };
}

/** One text for one place, which the record of a job keeps. @throws StateError PR6028 */
export function placeName(text: string): string {
  const address = parseObjects(text);
  return address === null ? resolve(text) : nameOf(address);
}

export function nameOf({ bucket, prefix }: S3Address): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

/** @throws StateError PR6028, PR6026 where S3 is meant and there is no key */
export async function openObjects(text: string, env: Environment, patience: Patience): Promise<ObjectStore> {
  const address = parseObjects(text);
  if (address === null) return folderObjects(text);
  const { s3Objects } = await import('./s3.ts');
  return s3Objects(address, env, patience);
}
