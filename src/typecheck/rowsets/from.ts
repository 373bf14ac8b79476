import type { ConditionalJoin, Expr, ExplodeJoin, FromSource, Join, Select } from '../../parser/ast.ts';
import { nextId, report, schemaOf, type Environment, type SourceName } from '../environment.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import type { Column, RowsetId, TypedFrom, TypedJoin, TypedSource } from '../typed.ts';
import { nonNull, typeText, UNKNOWN } from '../types.ts';
import { scopeOf, typeCondition } from '../typing.ts';
import { checkFileSource } from './file-source.ts';
import { splitKeys } from './join-keys.ts';
import { joinedColumns } from './joined.ts';
import { lastRowset, type CheckRowset } from './references.ts';

/** What a FROM makes visible. */
export interface Sources {
  readonly from: TypedFrom;
  readonly columns: readonly Column[];
  /** What may stand before a dot. */
  readonly qualifiers: ReadonlySet<string>;
  /** One source only: its columns carry no qualifier. */
  readonly alone: boolean;
}

interface Named {
  readonly rowset: RowsetId;
  readonly name: string | null;
  readonly columns: readonly Column[];
}

/** The sources of a SELECT and how they are joined; without FROM the last rowset. */
export function checkFrom(env: Environment, select: Select, checkRowset: CheckRowset): Sources | null {
  if (select.from === null) {
    const input = lastRowset(env, select.span, 'SELECT');
    return input === null ? null : alone(env, { rowset: input, name: null, columns: schemaOf(env, input) }, []);
  }
  const { source, joins } = select.from;
  const written = [source, ...joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source]))];
  const checked = written.map((from) => checkSource(env, from, select, checkRowset));
  const named = checked.filter((from) => from !== null);
  if (named.length < checked.length) return null;
  const [only] = named;
  const explodes = joins.filter((join) => join.kind === 'explode');
  if (only !== undefined && named.length === 1) return alone(env, only, explodes);
  return joined(env, qualify(env, written, named), joins);
}

function checkSource(env: Environment, source: FromSource, select: Select, checkRowset: CheckRowset): Named | null {
  const name = sourceName(source);
  const rowset =
    source.kind === 'file-source' ? checkFileSource(env, source, select) : checkRowset(env, source.input, 'FROM');
  return rowset === null ? null : { rowset, name, columns: schemaOf(env, rowset) };
}

/** AS, else the rowset's own name. */
export function sourceName(source: FromSource): string | null {
  if (source.alias !== null) return source.alias.text;
  if (source.kind === 'file-source') return null;
  return source.input.kind === 'rowset-name' ? source.input.name.text : null;
}

function alone(env: Environment, source: Named, explodes: readonly ExplodeJoin[]): Sources {
  const qualifiers = new Set(source.name === null ? [] : [source.name]);
  let columns = source.columns;
  const joins: TypedJoin[] = [];
  for (const join of explodes) {
    joins.push(checkExplode(env, join, columns, qualifiers));
    columns = withExploded(env, join, columns, joins.at(-1));
  }
  rememberNames(env, [source]);
  return { from: { source: { rowset: source.rowset, alias: null }, joins }, columns, qualifiers, alone: true };
}

/** Lets repairs below find a side by its name (`DELETE a.line`). */
function rememberNames(env: Environment, sources: readonly SourceName[]): void {
  env.compilation.sourceNames.set(
    nextId(env),
    sources.map(({ name, rowset }) => ({ name, rowset })),
  );
}

interface Qualified extends Named {
  readonly alias: string;
}

/** Gives each source the qualifier its columns carry; a nameless one gets one that no script can write. */
export function qualify(
  env: Environment,
  written: readonly FromSource[],
  sources: readonly Named[],
): readonly Qualified[] {
  const taken = new Set<string>();
  return sources.map((source, index) => {
    let alias = source.name ?? `#${index + 1}`;
    if (taken.has(alias)) {
      report(env, 'PS2039', written[index]?.span ?? env.script.span, { name: alias });
      alias = `#${index + 1}`;
    }
    taken.add(alias);
    return { ...source, alias, columns: source.columns.map((column) => ({ ...column, qualifier: alias })) };
  });
}

function joined(env: Environment, sources: readonly Qualified[], joins: readonly Join[]): Sources | null {
  const [first, ...others] = sources;
  if (first === undefined) return null;
  const qualifiers = new Set([first.alias]);
  let columns = first.columns;
  const typed: TypedJoin[] = [];
  for (const join of joins) {
    if (join.kind === 'explode') {
      typed.push(checkExplode(env, join, columns, qualifiers));
      columns = withExploded(env, join, columns, typed.at(-1));
      continue;
    }
    const right = others.shift();
    if (right === undefined) return null;
    const source: TypedSource = { rowset: right.rowset, alias: right.alias };
    if (join.kind === 'cross-join') {
      typed.push({ kind: 'cross-join', source, span: join.span });
      columns = [...columns, ...right.columns];
      qualifiers.add(right.alias);
    } else {
      typed.push(checkJoin(env, join, source, columns, right.columns, new Set([...qualifiers, right.alias])));
      columns = joinedColumns(join.type, columns, right.columns);
      if (join.type !== 'semi' && join.type !== 'anti') qualifiers.add(right.alias);
    }
  }
  rememberNames(env, sources);
  const visible = new Set([...qualifiers].filter((name) => !name.startsWith('#')));
  return {
    from: { source: { rowset: first.rowset, alias: first.alias }, joins: typed },
    columns,
    qualifiers: visible,
    alone: false,
  };
}

function checkJoin(
  env: Environment,
  join: ConditionalJoin,
  source: TypedSource,
  left: readonly Column[],
  right: readonly Column[],
  qualifiers: ReadonlySet<string>,
): TypedJoin {
  const visible = { columns: [...left, ...right], qualifiers, where: 'in ON' };
  const condition = typeCondition(env, join.on, visible, 'ON');
  return { kind: 'join', type: join.type, source, ...splitKeys(condition, left, right), span: join.span };
}

function checkExplode(
  env: Environment,
  join: ExplodeJoin,
  columns: readonly Column[],
  qualifiers: ReadonlySet<string>,
): TypedJoin {
  const value = explodedValue(env, join.value, columns, qualifiers);
  return { kind: 'explode', value, name: join.alias.text, span: join.span };
}

function explodedValue(env: Environment, expr: Expr, columns: readonly Column[], qualifiers: ReadonlySet<string>) {
  const value = typeExpr(expr, scopeOf(env, { columns, qualifiers, where: 'in EXPLODE' }));
  const { kind } = value.type;
  if (kind !== 'array' && kind !== 'unknown') report(env, 'PS2041', expr.span, { found: typeText(value.type) });
  return value;
}

/** The element is a column that the SELECT itself computes. */
function withExploded(
  env: Environment,
  join: ExplodeJoin,
  columns: readonly Column[],
  typed: TypedJoin | undefined,
): readonly Column[] {
  const name = join.alias.text;
  if (columns.some((column) => column.name === name && column.qualifier === null)) {
    report(env, 'PS2017', join.alias.span, { name, what: 'the source' });
    return columns;
  }
  const array = typed?.kind === 'explode' ? nonNull(typed.value.type) : UNKNOWN;
  const type = array.kind === 'array' ? array.element : UNKNOWN;
  return [...columns, { qualifier: null, name, type, origins: [{ rowset: nextId(env), column: name }] }];
}
