import { report, rowsetOf, type Environment } from '../environment.ts';
import type { BoundOperator, Column } from '../typed.ts';

/** What an operator declares it may do to the columns bound to its inputs, checked like the same repairs in a script. */
export function checkDeclaredRepairs(env: Environment, operator: BoundOperator, columns: readonly Column[]): void {
  const { edits, appends, deletes, fails, name } = operator.signature;
  const declared = [
    ...edits.map((input) => ({ input, repair: 'edit' })),
    ...appends.map((input) => ({ input, repair: 'append to' })),
    ...deletes.map((input) => ({ input, repair: 'delete' })),
    ...fails.map((input) => ({ input, repair: 'fail' })),
  ];
  const said = new Set<string>();
  for (const { input, repair } of declared) {
    const value = operator.inputs.find((bound) => bound.name === input)?.value;
    if (value === undefined || value.type.kind === 'unknown' || said.has(input)) continue;
    if (value.kind !== 'column') {
      report(env, 'PS4015', value.span, { operator: name, input, repair });
      said.add(input);
    } else if (repair === 'fail') {
      const column = columns.find((other) => other.name === value.name && other.qualifier === value.qualifier);
      checkFailing(env, operator, column, value.span);
    }
  }
}

/** `row.fail(c)` is a RETRY of c. */
function checkFailing(
  env: Environment,
  operator: BoundOperator,
  column: Column | undefined,
  span: BoundOperator['span'],
): void {
  const stuck = column?.origins.find(({ rowset }) => {
    const origin = rowsetOf(env, rowset);
    return origin.kind !== 'process' || origin.using.length < 2;
  });
  if (column === undefined || stuck === undefined) return;
  const origin = rowsetOf(env, stuck.rowset);
  const by = origin.kind === 'process' ? origin.using[0]?.signature.name : undefined;
  report(env, 'PS4005', span, {
    column: `${column.name} (which ${operator.signature.name} may fail)`,
    computedBy: by ?? 'what computes it',
  });
}
