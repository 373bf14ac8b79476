/** What the actions of a clause can do. */
import type { BoundOperator, Origin, TypedAction } from '../typecheck/typed.ts';
import type { BackEdge } from './graph.ts';

/** The action and those of its ELSE ladder, in order. */
export function ladderOf(action: TypedAction): readonly TypedAction[] {
  return 'otherwise' in action ? [action, ...ladderOf(action.otherwise)] : [action];
}

/** S11: a clause that can repair, ABORT or ROUTE runs whether or not anything uses its rows. */
export function isEffect(action: TypedAction): boolean {
  return ladderOf(action).some((step) => step.kind !== 'drop' && step.kind !== 'keep' && step.kind !== 'retry-times');
}

/** Whether an operator declares that it may edit, append to, delete or fail what it reads. */
export function canRepair({ signature: { edits, appends, deletes, fails } }: BoundOperator): boolean {
  return edits.length + appends.length + deletes.length + fails.length > 0;
}

export interface Repair {
  readonly repair: BackEdge['repair'];
  readonly origin: Origin;
}

/** Every repair the ladder may raise, with each place its column was computed at. */
export function repairsOf(action: TypedAction): readonly Repair[] {
  return ladderOf(action).flatMap((step): readonly Repair[] => {
    switch (step.kind) {
      case 'edit':
      case 'append':
        return step.changes.flatMap(({ target }) => repairsAt(step.kind, target.origins));
      case 'delete':
      case 'retry':
        return repairsAt(step.kind, step.target.origins);
      case 'retry-times':
      case 'drop':
      case 'keep':
      case 'abort':
      case 'route':
        return [];
    }
  });
}

export function repairsAt(repair: BackEdge['repair'], origins: readonly Origin[]): readonly Repair[] {
  return origins.map((origin) => ({ repair, origin }));
}
