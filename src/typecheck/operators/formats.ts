import type { Expr } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import type { OperatorSignature } from '../signature.ts';

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['csv', 'Csv'],
  ['tsv', 'Tsv'],
  ['jsonl', 'JsonLines'],
  ['ndjson', 'JsonLines'],
  ['txt', 'Line'],
]);

/** The built-in reader or writer of a file's ending (`.csv .tsv .jsonl .txt`, each also with `.gz`); an unknown one is reported. */
export function operatorOfEnding(
  env: Environment,
  path: string,
  at: Expr,
  statement: 'read' | 'write',
): OperatorSignature | null {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  const format = ending === undefined ? undefined : FORMATS.get(ending);
  const suffix = statement === 'read' ? 'Reader' : 'Writer';
  const signature = format === undefined ? undefined : env.compilation.input.builtins.get(`${format}${suffix}`);
  if (signature === undefined) report(env, 'PS2025', at.span, { path, statement });
  return signature ?? null;
}
