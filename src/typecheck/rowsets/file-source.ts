import type { FileSource, Select } from '../../parser/ast.ts';
import { addRowset, nextId, report, type Checked, type Environment } from '../environment.ts';
import { bindOperator } from '../operators/bind.ts';
import type { BoundOperator, Column } from '../typed.ts';
import { STRING, type Type } from '../types.ts';
import { visit } from '../visit.ts';
import { inputPattern } from './extract.ts';

/**
 * A file read in place. Its columns are those the extractor declares; of a built-in reader with a header, the names that the SELECT uses
 * of it, as strings; of lines, the one name the SELECT uses.
 */
export function checkFileSource(env: Environment, source: FileSource, select: Select): Checked {
  const file = inputPattern(env, source.file);
  const reader = bindOperator(env, source.using, 'extractor', { columns: [], where: 'in FROM' });
  if (file === null || reader === null) return null;
  const columns = columnsOf(env, source, reader, select);
  if (columns === null) return null;
  const id = nextId(env);
  const schema = columns.map(({ name, type }): Column => {
    return { qualifier: null, name, type, origins: [{ rowset: id, column: name }] };
  });
  return addRowset(env, {
    kind: 'extract',
    id,
    label: '',
    schema,
    hints: [],
    span: source.span,
    files: [file],
    reader,
    columns: columns.map(({ name, type }) => ({ name, type, used: true, span: source.span })),
    having: null,
  });
}

interface Named {
  readonly name: string;
  readonly type: Type;
}

function columnsOf(
  env: Environment,
  source: FileSource,
  reader: BoundOperator,
  select: Select,
): readonly Named[] | null {
  if (reader.signature.outputs !== null) return reader.outputs;
  const used = namesUsed(source, select);
  const options = new Map(reader.options);
  const lines = reader.signature.name === 'LineReader' && used.length === 1;
  const named = options.get('header') === true || reader.signature.name === 'JsonLinesReader';
  if (used.length > 0 && (lines || named)) return used.map((name) => ({ name, type: STRING }));
  report(env, 'PS2057', source.using.span, {
    operator: reader.signature.name,
    isBuiltIn: reader.signature.module === null,
  });
  return null;
}

/** The names a SELECT uses that can only be columns of this file: all of them, less what other sources could mean. */
function namesUsed(source: FileSource, select: Select): readonly string[] {
  const names = new Set<string>();
  const aliases = new Set(
    select.items.flatMap((item) => (item.kind === 'expression-item' && item.alias ? [item.alias.text] : [])),
  );
  const alone = select.from?.joins.every((join) => join.kind === 'explode') === true;
  const exploded = new Set(select.from?.joins.flatMap((join) => (join.kind === 'explode' ? [join.alias.text] : [])));
  const own = new Set<unknown>();
  visit(select, (node) => {
    if (node.kind === 'file-source') own.add(node.file);
    if (node.kind === 'member' && node.object.kind === 'name-expr') {
      if (node.object.name.text === source.alias?.text) names.add(node.member.text);
      if (node.object.name.text === source.alias?.text || /^[A-Z]/.test(node.object.name.text)) own.add(node.object);
    }
    if (node.kind === 'call' && node.callee.kind === 'name-expr') own.add(node.callee);
    if (node.kind === 'operator-call') for (const argument of node.arguments) own.add(argument.value);
    if (!alone || node.kind !== 'name-expr' || own.has(node)) return;
    if (!exploded.has(node.name.text)) names.add(node.name.text);
  });
  for (const name of aliases) if (!namedByItem(select, name)) names.delete(name);
  return [...names];
}

/** Whether an item itself uses the name, so that it is a column and not only an alias. */
function namedByItem(select: Select, name: string): boolean {
  let found = false;
  for (const item of [...select.items, ...(select.where === null ? [] : [select.where])]) {
    visit(item, (node) => {
      if (node.kind === 'name-expr' && node.name.text === name) found = true;
    });
  }
  return found;
}
