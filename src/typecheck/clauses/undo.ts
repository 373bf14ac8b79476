import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import { positionAt } from '../../diagnostics/span.ts';
import type { Compilation } from '../environment.ts';
import { constantValue } from '../expressions/constants.ts';
import type { Origin, RepairTarget, TypedExpr, TypedHandler, TypedRowset } from '../typed.ts';
import type { Value } from '../types.ts';

/** A repair that gives a column a constant, or takes its rows away. */
interface Repair {
  readonly handler: TypedHandler;
  readonly target: RepairTarget;
  /** What it writes; undefined for DELETE. */
  readonly value: Value | undefined;
}

/** How many repairs of one column are compared with each: people write a handful, only generated scripts have hundreds. */
const NEAR = 20;

/**
 * Reports pairs of clauses of which each fires on what the other wrote: EDITs of a column to and fro, an EDIT that fires on its own value,
 * an APPEND that a DELETE takes away again. Only conditions that depend on nothing but the repaired column can be told.
 */
export function checkUndoing(compilation: Compilation): void {
  const repairs = compilation.rowsets.flatMap((rowset) => (rowset.kind === 'handler' ? repairOf(rowset) : []));
  const byOrigin = new Map<string, Repair[]>();
  for (const repair of repairs) {
    const near = repair.target.origins.map(({ rowset, column }) => listAt(byOrigin, `${rowset} ${column}`));
    for (const list of near) list.push(repair);
    const other = near.flatMap((list) => list.slice(-NEAR)).find((earlier) => undoes(compilation, earlier, repair));
    if (other === undefined) continue;
    const text = compilation.input.sources[other.handler.span.source]?.text ?? '';
    const itself = other === repair;
    const place = `the clause in line ${positionAt(text, other.handler.span.start).line}`;
    const facts = { column: repair.target.name, other: itself ? 'the clause itself' : place };
    const related = itself ? [] : [{ message: 'the other clause', span: other.handler.span }];
    compilation.diagnostics.push(diagnostic('PS4008', repair.handler.span, facts, related));
  }
}

function listAt<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function repairOf(handler: TypedHandler): readonly Repair[] {
  const { action } = handler;
  if (handler.fires === 'error') return [];
  if (action.kind === 'delete') return [{ handler, target: action.target, value: undefined }];
  if (action.kind !== 'edit' && action.kind !== 'append') return [];
  const [change] = action.changes;
  if (change === undefined || action.changes.length > 1) return [];
  const value = constantValue(change.value);
  return value === undefined ? [] : [{ handler, target: change.target, value }];
}

function undoes(compilation: Compilation, first: Repair, second: Repair): boolean {
  const firstAgain = second.value === undefined || firesOn(compilation, first, second.value);
  const secondAgain = first.value === undefined || firesOn(compilation, second, first.value);
  // Two DELETEs take the same rows away, which is no circle.
  return (first.value !== undefined || second.value !== undefined) && firstAgain && secondAgain;
}

function sharesOrigin(a: readonly Origin[], b: readonly Origin[]): boolean {
  return a.some(({ rowset, column }) => b.some((other) => other.rowset === rowset && other.column === column));
}

/** Whether a clause surely fires on a row whose repaired column has this value. */
function firesOn({ rowsets }: Compilation, { handler, target }: Repair, value: Value): boolean {
  const { condition } = handler;
  if (condition === null) return true;
  const input: TypedRowset | undefined = rowsets[handler.input];
  const names = (input?.schema ?? [])
    .filter(({ origins }) => sharesOrigin(origins, target.origins))
    .map(({ name }) => name);
  return constantValue(substitute(condition, new Set(names), value)) === (handler.fires === 'true');
}

/** The expression with columns of these names replaced by a constant. */
function substitute(expr: TypedExpr, names: ReadonlySet<string>, value: Value): TypedExpr {
  const inner = (part: TypedExpr) => substitute(part, names, value);
  switch (expr.kind) {
    case 'column': {
      const { type, span } = expr;
      return names.has(expr.name) ? { kind: 'literal', value, parameter: null, type, span } : expr;
    }
    case 'call':
    case 'module-call':
      return { ...expr, args: expr.args.map(inner) };
    case 'logical':
    case 'coalesce':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) };
    case 'conditional':
      return { ...expr, test: inner(expr.test), consequent: inner(expr.consequent), alternate: inner(expr.alternate) };
    case 'convert':
      return { ...expr, value: inner(expr.value) };
    case 'array':
      return { ...expr, elements: expr.elements.map(inner) };
    case 'literal':
    case 'lineage':
    case 'aggregate':
    case 'window':
      return expr;
  }
}
