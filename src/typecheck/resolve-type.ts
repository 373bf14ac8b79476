import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { TypeNode } from '../parser/ast.ts';
import { report, type Environment } from './environment.ts';
import {
  arrayOf,
  BOOL,
  BYTES,
  DATETIME,
  FLOAT,
  INT,
  JSON_TYPE,
  LONG,
  nullable,
  STRING,
  UNKNOWN,
  type Type,
} from './types.ts';

const TYPES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['string', STRING],
  ['str', STRING],
  ['int', INT],
  ['long', LONG],
  ['float', FLOAT],
  ['double', FLOAT],
  ['bool', BOOL],
  ['bytes', BYTES],
  ['datetime', DATETIME],
  ['json', JSON_TYPE],
]);

/** What SQL, C#, TypeScript and Python people type, in lower case. */
const HABITS: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['varchar', 'string'],
  ['nvarchar', 'string'],
  ['char', 'string'],
  ['guid', 'string'],
  ['number', 'float'],
  ['decimal', 'float'],
  ['numeric', 'float'],
  ['real', 'float'],
  ['integer', 'int'],
  ['int32', 'int'],
  ['smallint', 'int'],
  ['short', 'int'],
  ['byte', 'int'],
  ['int64', 'long'],
  ['bigint', 'long'],
  ['boolean', 'bool'],
  ['bit', 'bool'],
  ['date', 'datetime'],
  ['time', 'datetime'],
  ['timestamp', 'datetime'],
  ['binary', 'bytes'],
  ['object', 'json'],
  ['any', 'json'],
  ['dict', 'json'],
]);

/** The type that a type annotation means; an unknown one is reported. */
export function resolveType(env: Environment, node: TypeNode): Type {
  switch (node.kind) {
    case 'array-type':
      return arrayOf(resolveType(env, node.element));
    case 'nullable-type':
      return nullable(resolveType(env, node.base));
    case 'named-type': {
      const name = node.name.text;
      const type = TYPES.get(name);
      if (type !== undefined) return type;
      const suggestion = HABITS.get(name.toLowerCase()) ?? didYouMean(name, TYPES.keys());
      report(env, 'PS2032', node.span, { name, suggestion });
      return UNKNOWN;
    }
  }
}
