import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Letters of a key: 126 bits of the digest. An entry also holds its text, so a collision is a miss and no wrong answer. */
const KEY_LENGTH = 21;

/** What an answer is kept under. */
export function keyOf(id: string, text: string): string {
  return hash('sha256', `${id}\0${text}`, 'base64url').slice(0, KEY_LENGTH);
}

/** All that decides a model's answer to a text: files, task and options (the digest), and what computes. */
export function answersId(digest: string, engine: string): string {
  return hash('sha256', `${digest}\0${engine}`, 'hex').slice(0, 16);
}

let known: string | undefined;

/** The versions of the libraries that compute, and the kind of processor: another one may round otherwise. */
export function engineVersion(): string {
  known ??= `transformers.js ${transformersVersion()}, onnxruntime ${onnxVersion()}, ${process.arch}`;
  return known;
}

const require = createRequire(import.meta.url);

function transformersVersion(): string {
  return versionAbove(require.resolve('@xenova/transformers'), '@huggingface/transformers');
}

/** Of the runtime that transformers.js finds, which need not be the one that this file would. */
function onnxVersion(): string {
  const theirs = createRequire(require.resolve('@xenova/transformers'));
  return versionAbove(theirs.resolve('onnxruntime-node'), 'onnxruntime-node');
}

/** The version in the package.json of this name at or above a file. */
function versionAbove(file: string, name: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const facts = packageIn(folder);
    if (facts?.get('name') === name) return String(facts.get('version'));
  }
  return 'unknown';
}

function packageIn(folder: string): ReadonlyMap<string, unknown> | null {
  try {
    const facts: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof facts === 'object' && facts !== null ? new Map(Object.entries(facts)) : null;
  } catch {
    return null;
  }
}
