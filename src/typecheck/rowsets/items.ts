import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Expr, ExpressionItem, QualifiedStarItem, SelectItem, StarItem } from '../../parser/ast.ts';
import { isIncomplete, report, type Environment } from '../environment.ts';
import { columnKey } from '../expressions/narrowing.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import type { Column, NamedExpr, TypedExpr } from '../typed.ts';
import { nonNull } from '../types.ts';
import { scopeOf, type Visible } from '../typing.ts';
import type { Sources } from './from.ts';

interface Item extends NamedExpr {
  readonly span: Span;
}

/** The items of a SELECT with stars written out and a name for each; a second one of a name is reported and left out. */
export function expandItems(
  env: Environment,
  items: readonly SelectItem[],
  sources: Sources,
  visible: Visible,
): readonly NamedExpr[] {
  const named = new Map<string, NamedExpr>();
  for (const item of items.flatMap((item) => expandItem(env, item, sources, visible))) {
    if (named.has(item.name)) report(env, 'PS2017', item.span, { name: item.name, what: 'this SELECT' });
    else named.set(item.name, { name: item.name, value: item.value });
  }
  return [...named.values()];
}

function expandItem(env: Environment, item: SelectItem, sources: Sources, visible: Visible): readonly Item[] {
  switch (item.kind) {
    case 'star-item':
      return star(env, item, sources, visible);
    case 'qualified-star-item':
      return qualifiedStar(env, item, sources, visible);
    case 'expression-item': {
      const value = typeExpr(item.value, scopeOf(env, visible));
      return [{ name: itemName(env, item, value), value, span: item.span }];
    }
  }
}

function star(env: Environment, item: StarItem, sources: Sources, visible: Visible): readonly Item[] {
  const counts = new Map<string, number>();
  for (const { name } of sources.columns) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shared = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  if (shared.length > 0) {
    const owners = sources.columns.filter((column) => column.name === shared[0]);
    const sides = owners.map(({ qualifier }) => qualifier ?? 'the EXPLODE').join(' and ');
    report(env, 'PS2018', item.span, { names: shared, sides });
  }
  const unique = sources.columns.filter(
    (column, index) => sources.columns.findIndex((c) => c.name === column.name) === index,
  );
  return unique.map((column) => columnItem(column, item.span, visible));
}

function qualifiedStar(env: Environment, item: QualifiedStarItem, sources: Sources, visible: Visible): readonly Item[] {
  const name = item.qualifier.text;
  if (!sources.qualifiers.has(name)) {
    const known = [...sources.qualifiers];
    if (!isIncomplete(env)) {
      report(env, 'PS2040', item.qualifier.span, { name, suggestion: didYouMean(name, known), sources: known });
    }
    return [];
  }
  const owned = sources.columns.filter((column) => sources.alone || column.qualifier === name);
  return owned.map((column) => columnItem(column, item.span, visible));
}

function columnItem(column: Column, span: Span, visible: Visible): Item {
  const { qualifier, name } = column;
  const type =
    visible.narrowed?.has(columnKey(column.qualifier, column.name)) === true ? nonNull(column.type) : column.type;
  return { name, value: { kind: 'column', qualifier, name, type, span }, span };
}

/** AS, else the column's own name; a computed item needs AS. */
function itemName(env: Environment, item: ExpressionItem, value: TypedExpr): string {
  if (item.alias !== null) return item.alias.text;
  const written = bare(item.value);
  if (written.kind === 'name-expr') return written.name.text;
  if (written.kind === 'member' && (value.kind === 'column' || value.type.kind === 'unknown'))
    return written.member.text;
  const { source, start, end } = item.span;
  report(env, 'PS2019', item.span, { text: env.compilation.input.sources[source]?.text.slice(start, end) ?? '…' });
  return `item at ${start}`;
}

/** `DISTINCT(user)` and `(user)` are the column. */
function bare(expr: Expr): Expr {
  return expr.kind === 'parenthesised-expr' ? bare(expr.value) : expr;
}
