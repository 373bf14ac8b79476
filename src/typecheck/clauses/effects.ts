import type { BoundOperator, TypedAction, TypedRowset } from '../typed.ts';

/** The action and those it hands over to behind ELSE, in order. */
export function ladder(action: TypedAction): readonly TypedAction[] {
  return 'otherwise' in action ? [action, ...ladder(action.otherwise)] : [action];
}

/** Whether a row on which the action fires goes on. EDIT, DELETE and RETRY take the row away with its origin (S5). */
export function letsPass(action: TypedAction): boolean {
  return ladder(action).some(({ kind }) => kind === 'keep' || kind === 'append');
}

/** S11: what can repair, ABORT or ROUTE runs whether or not anything reads its rowset. */
export function hasEffect(rowset: TypedRowset): boolean {
  switch (rowset.kind) {
    case 'handler':
      return ladder(rowset.action).some(({ kind }) => kind !== 'drop' && kind !== 'keep');
    case 'process':
      return rowset.using.some(repairs);
    case 'reduce':
    case 'combine':
      return repairs(rowset.using);
    default:
      return false;
  }
}

/** Whether an operator declares that it may edit, append to, delete or fail what it reads. */
function repairs({ signature }: BoundOperator): boolean {
  const { edits, appends, deletes, fails } = signature;
  return edits.length + appends.length + deletes.length + fails.length > 0;
}
