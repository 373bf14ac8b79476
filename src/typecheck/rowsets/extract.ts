import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { ColumnDeclaration, Expr, Extract } from '../../parser/ast.ts';
import { addRowset, nextId, report, type Checked, type Environment } from '../environment.ts';
import { bindOperator, bindTo, implicitCall } from '../operators/bind.ts';
import { operatorOfEnding } from '../operators/formats.ts';
import { assignable } from '../expressions/relations.ts';
import { resolveType } from '../resolve-type.ts';
import type { BoundOperator, Column, InputPattern } from '../typed.ts';
import { STRING, typeText } from '../types.ts';
import { constantText, narrowColumns, typeCondition } from '../typing.ts';
import { checkFileSets } from './file-sets.ts';

/** EXTRACT: declared columns, read from files. */
export function checkExtract(env: Environment, extract: Extract): Checked {
  const id = nextId(env);
  const declared = declareColumns(env, extract.columns, 'this EXTRACT');
  const schema = declared.map(({ name, type }): Column => {
    return { qualifier: null, name, type, origins: [{ rowset: id, column: name }] };
  });
  const files = extract.from.map((file) => inputPattern(env, file)).filter((file) => file !== null);
  const fromPath = checkFileSets(env, files, declared);
  const reader = readerOf(env, extract, files, schema);
  const read = declared.filter(({ name }) => name !== '_file' && !fromPath.has(name));
  if (reader !== null) checkReader(env, reader, read);
  const visible = { columns: schema, where: 'in HAVING' };
  const having = extract.having === null ? null : typeCondition(env, extract.having, visible, 'HAVING');
  if (reader === null) return addRowset(env, withoutReader(id, schema, extract));
  return addRowset(env, {
    kind: 'extract',
    id,
    label: '',
    schema: having === null ? schema : narrowColumns(schema, having, true),
    hints: [],
    span: extract.span,
    files,
    reader,
    columns: declared.map((column) => ({ ...column, used: true })),
    having,
  });
}

/** Stands for an EXTRACT whose reader has an error: its columns are known all the same, and the script is not run. */
function withoutReader(id: number, schema: readonly Column[], { span }: Extract): Parameters<typeof addRowset>[1] {
  return { kind: 'values', id, label: '', schema, hints: [], span, rows: [] };
}

type Declared = Pick<Column, 'name' | 'type'> & Pick<ColumnDeclaration, 'span'>;

/** Declared columns with their types; a second column of a name is reported and left out. A missing type is string. */
export function declareColumns(
  env: Environment,
  columns: readonly ColumnDeclaration[],
  what: string,
): readonly Declared[] {
  const declared = new Map<string, Declared>();
  for (const { name, type, span } of columns) {
    if (declared.has(name.text)) report(env, 'PS2017', name.span, { name: name.text, what });
    else declared.set(name.text, { name: name.text, type: type === null ? STRING : resolveType(env, type), span });
  }
  return [...declared.values()];
}

/** A path of a FROM, absolute; null where it is not a constant, which is reported. */
export function inputPattern(env: Environment, file: Expr): InputPattern | null {
  const text = constantText(env, file, 'the path of an input');
  if (text === null) return null;
  const pattern = env.compilation.input.resolvePath(text, file.span.source);
  const input = { pattern, text, span: file.span };
  env.compilation.filesRead.push(input);
  return input;
}

function readerOf(
  env: Environment,
  extract: Extract,
  files: readonly InputPattern[],
  columns: readonly Column[],
): BoundOperator | null {
  const visible = { columns, where: 'in an operator of an EXTRACT' };
  if (extract.using !== null) return bindOperator(env, extract.using, 'extractor', visible);
  const [from] = extract.from;
  const [file] = files;
  if (from === undefined || file === undefined) return null;
  const signature = operatorOfEnding(env, file.text, from, 'read');
  return signature === null ? null : bindTo(env, signature, implicitCall(from), visible);
}

/** An extractor that declares its columns yields only those, with those types; a line reader has one. */
function checkReader(env: Environment, { signature, outputs, span }: BoundOperator, read: readonly Declared[]): void {
  const operator = signature.name;
  if (signature.module === null && operator === 'LineReader' && read.length > 1) {
    report(env, 'PS2054', span, { operator, columns: read.length });
  }
  if (signature.outputs === null) return;
  for (const { name, type, span } of read) {
    const output = outputs.find((column) => column.name === name);
    if (output === undefined) {
      const yields = outputs.map((column) => column.name);
      report(env, 'PS2013', span, { operator, name, suggestion: didYouMean(name, yields), yields });
    } else if (!assignable(output.type, type)) {
      const facts = { operator, name, found: typeText(type), declared: typeText(output.type) };
      report(env, 'PS2049', span, facts);
    }
  }
}
