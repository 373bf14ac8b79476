/**
 * JSON values. Members are read by own keys only, so that `constructor` and `__proto__` are keys like any other and nothing of JavaScript's
 * objects shows. A step from null, or to a key that is not there, is null.
 */
import type { Value } from '../types.ts';
import { arrayOf, BOOL, JSON_TYPE, STRING } from '../types.ts';
import type { FunctionEntry, Spelling } from './entry.ts';
import { anything, define, float, json, maybe, orNull, param, text } from './entry.ts';
import { fail } from './failure.ts';

const FAMILY = 'JSON';

/** The value under an own key of an object; null where there is none. Of an array only `length` has a name. */
export function jsonMember(value: Value, key: string): Value {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return null;
  if (isArray(value)) return key === 'length' ? value.length : null;
  return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

/** The element of an array; null outside, and of anything else. */
export function jsonElement(value: Value, index: number): Value {
  return isArray(value) && Number.isInteger(index) && index >= 0 ? (value[index] ?? null) : null;
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function ofObject(name: string): Spelling {
  return { kind: 'static', namespace: 'Object', name };
}

function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return fail('PR2003', { value: text, type: 'JSON' });
  }
}

const keys = (value: Value): readonly string[] =>
  value !== null && typeof value === 'object' ? Object.keys(value) : [];

export const jsonFunctions: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'json.member',
    spelling: { kind: 'operator', operator: '.' },
    parameters: [param('json', orNull(json)), param('key', text)],
    result: maybe(JSON_TYPE),
    evaluate: jsonMember,
    doc: 'The value under a key, written `doc.key` or `doc["key"]`; null where there is none.',
  }),
  define(FAMILY, {
    id: 'json.index',
    spelling: { kind: 'operator', operator: '[]' },
    parameters: [param('json', orNull(json)), param('index', float)],
    result: maybe(JSON_TYPE),
    evaluate: jsonElement,
    doc: 'The element of a JSON array at an index from 0; null where there is none.',
  }),
  define(FAMILY, {
    id: 'JSON.parse',
    spelling: { kind: 'static', namespace: 'JSON', name: 'parse' },
    parameters: [param('text', text)],
    result: maybe(JSON_TYPE),
    evaluate: parsed,
    doc: 'The value of a JSON text (null of `null`); any other text is an error.',
  }),
  define(FAMILY, {
    id: 'JSON.stringify',
    spelling: { kind: 'static', namespace: 'JSON', name: 'stringify' },
    parameters: [param('value', orNull(json))],
    result: STRING,
    evaluate: (value) => JSON.stringify(value),
    doc: 'The value as JSON text, without white space.',
  }),
  define(FAMILY, {
    id: 'Array.isArray',
    spelling: { kind: 'static', namespace: 'Array', name: 'isArray' },
    parameters: [param('value', orNull(anything))],
    result: BOOL,
    evaluate: (value) => Array.isArray(value),
    doc: 'Whether the value is an array, JSON or other.',
  }),
  define(FAMILY, {
    id: 'Object.keys',
    spelling: ofObject('keys'),
    parameters: [param('json', json)],
    result: arrayOf(STRING),
    evaluate: keys,
    doc: 'The keys of a JSON object in order, the indexes of an array, nothing of any other value.',
  }),
  define(FAMILY, {
    id: 'Object.values',
    spelling: ofObject('values'),
    parameters: [param('json', json)],
    result: arrayOf({ kind: 'nullable', base: JSON_TYPE }),
    evaluate: (value) => (isArray(value) ? value : keys(value).map((key) => jsonMember(value, key))),
    doc: 'The values of a JSON object or the elements of an array, nothing of any other value; `CROSS APPLY EXPLODE` takes it.',
  }),
  define(FAMILY, {
    id: 'Object.hasOwn',
    spelling: ofObject('hasOwn'),
    parameters: [param('json', json), param('key', text)],
    result: BOOL,
    evaluate: (value, key) => value !== null && typeof value === 'object' && Object.hasOwn(value, key),
    doc: 'Whether a JSON object has the key.',
  }),
];
