import { expressionText } from '../../typecheck/expressions/text.ts';
import type { TypedExpr } from '../../typecheck/typed.ts';
import { columnsIn } from '../../typecheck/visit.ts';
import { cannotFail } from '../expressions/failing.ts';
import { columnKey } from '../expressions/key.ts';
import { conjunctionOf, rewrite } from '../expressions/walk.ts';
import type { FilterNode, ProjectNode } from '../graph.ts';
import { keyOf } from '../schemas.ts';
import { localRule, type Match, onlyInput } from './match.ts';
import type { Rule } from './rule.ts';

const melding = localRule('meld', 'neighbouring row-wise steps take a row in one pass', (node, view) => {
  if (node.kind !== 'filter' && node.kind !== 'project') return null;
  if (node.kind === 'project' && !view.fixed.has(node.id) && isIdentity(node, view.nodes.get(node.input)?.schema)) {
    const edits = { remove: [node.id], redirect: new Map([[node.id, node.input]]) };
    return { edits, touched: [node.id, node.input], what: `removed SELECT of ${node.label}: it changes nothing` };
  }
  const before = onlyInput(node, view);
  if (node.kind === 'filter' && before?.kind === 'filter') return mergeFilters(before, node);
  return node.kind === 'project' && before?.kind === 'project' && composes(before, node)
    ? composeProjects(before, node)
    : null;
});

/** Merges filters and projects that follow one another, and takes out projects that change nothing. */
export const meld: Rule = { ...melding, hides: true };

function isIdentity(node: ProjectNode, input: ProjectNode['schema'] = []): boolean {
  return (
    node.items.length === input.length &&
    node.items.every(({ name, value }, at) => {
      const column = input[at];
      return (
        value.kind === 'column' &&
        column !== undefined &&
        keyOf(column) === columnKey(value.qualifier, value.name) &&
        column.name === name &&
        column.qualifier === (node.schema[at]?.qualifier ?? null)
      );
    })
  );
}

function mergeFilters(first: FilterNode, second: FilterNode): Match {
  const predicate = conjunctionOf([first.predicate, second.predicate]);
  const edits = { put: [{ ...second, input: first.input, predicate }], remove: [first.id] };
  const text = expressionText(first.predicate);
  const what = `merged ${first.clause} ${text} into ${second.clause} ${expressionText(second.predicate)}`;
  return { edits, touched: [first.id, second.id], what };
}

/**
 * Whether the second project can compute its items from the first one's input: no computed item is then computed twice, and none
 * that can fail is left out or moved to where it is computed for some rows only.
 */
function composes(first: ProjectNode, second: ProjectNode): boolean {
  const uses = new Map<string, number>();
  const whole = new Set<string>();
  for (const { value } of second.items) {
    for (const column of columnsIn(value)) {
      const key = columnKey(column.qualifier, column.name);
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
    if (value.kind === 'column') whole.add(columnKey(value.qualifier, value.name));
  }
  return first.items.every(({ value }, at) => {
    const key = itemKey(first, at);
    const free = value.kind === 'column' || value.kind === 'literal';
    return free || ((uses.get(key) ?? 0) <= 1 && (cannotFail(value) || whole.has(key)));
  });
}

function composeProjects(first: ProjectNode, second: ProjectNode): Match {
  const replace = substitution(first);
  const items = second.items.map(({ name, value }) => ({ name, value: rewrite(value, replace) }));
  const edits = { put: [{ ...second, input: first.input, items }], remove: [first.id] };
  const what = `composed SELECT of ${first.label} with SELECT of ${second.label}`;
  return { edits, touched: [first.id, second.id], what };
}

/** Columns of a project as the expressions it computes them by. */
export function substitution(project: ProjectNode): (expr: TypedExpr) => TypedExpr | null {
  const items = new Map(project.items.map(({ value }, at) => [itemKey(project, at), value]));
  return (expr) => (expr.kind === 'column' ? (items.get(columnKey(expr.qualifier, expr.name)) ?? null) : null);
}

function itemKey(project: ProjectNode, at: number): string {
  const column = project.schema[at];
  return column === undefined ? '' : keyOf(column);
}
