/** What a handler does with a row: the first action of its ladder that can act (S5, S13). */
import type { TypedAction, TypedHandler } from '../../src/typecheck/typed.ts';
import { holds } from './evaluate.ts';
import type { Row } from './state.ts';
import { envOf, trace } from './trace.ts';
import type { World } from './trace.ts';

type RepairAction = Extract<TypedAction, { kind: 'edit' | 'append' | 'delete' | 'retry' }>;

export type Decision =
  | { readonly kind: 'pass' | 'drop' | 'keep' | 'route' | 'abort' }
  | {
      readonly kind: 'repair';
      readonly action: RepairAction;
      readonly key: string;
      readonly ancestors: readonly Row[];
    };

export function decide(handler: TypedHandler, row: Row, computation: World): Decision {
  const env = envOf(row, computation);
  const fires = handler.condition === null || holds(handler.condition, env) === (handler.fires === 'true');
  if (!fires) return { kind: 'pass' };
  let action: TypedAction = handler.action;
  for (let rung = 0; ; rung += 1) {
    switch (action.kind) {
      case 'drop':
      case 'keep':
      case 'route':
      case 'abort':
        return { kind: action.kind };
      case 'retry-times':
        throw new Error('RETRY TIMES belongs to ON ERROR');
      default: {
        const key = `${handler.id}.${rung}`;
        if (computation.fired.has(`${key}|${row.id}`)) return { kind: 'pass' };
        const ancestors = ancestorsOf(action, row);
        if (canAct(action, key, ancestors, computation)) return { kind: 'repair', action, key, ancestors };
        action = action.otherwise;
      }
    }
  }
}

function ancestorsOf(action: RepairAction, row: Row): readonly Row[] {
  const target = 'target' in action ? action.target : action.changes[0]?.target;
  return target === undefined ? [] : trace(row, target.origins);
}

function canAct(action: RepairAction, key: string, ancestors: readonly Row[], computation: World): boolean {
  if (ancestors.length === 0) return false;
  const most = Math.max(...ancestors.map(({ origin }) => origin?.chain.firings.get(key) ?? 0));
  if (most >= action.limit) return false;
  if (action.kind !== 'retry') return true;
  return ancestors.every(({ node, origin }) => {
    const rowset = computation.rowset(node);
    return rowset.kind === 'process' && origin !== null && origin.conjecture + 1 < rowset.using.length;
  });
}
