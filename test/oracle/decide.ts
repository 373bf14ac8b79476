/** What a handler does with a row, and what a step that failed on it: the first action of the ladder that can act (S5, S13). */
import type { Origin, RowsetId, TypedAction, TypedHandler } from '../../src/typecheck/typed.ts';
import { EvaluationFailure } from '../../src/typecheck/functions/failure.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { evaluate, holds } from './evaluate.ts';
import type { Call, FailedCall, TestRepair } from './calls.ts';
import { DEFAULT_LIMIT } from './calls.ts';
import type { Row } from './state.ts';
import { envOf, follow, keyOf, trace } from './trace.ts';
import type { World } from './trace.ts';

type RepairAction = Extract<TypedAction, { kind: 'edit' | 'append' | 'delete' | 'retry' }>;

export interface RepairDecision {
  readonly kind: 'repair';
  readonly repair: RepairAction['kind'];
  readonly key: string;
  /** What has acted once it has acted. */
  readonly once: string;
  readonly ancestors: readonly Row[];
  /** A call that gave no row. */
  readonly ownCall: string | null;
  readonly valuesAt: (origin: RowsetId) => ReadonlyMap<string, Value>;
}

/** An expression of the clause failed on the row. `look`: of which clause and row. */
export interface FailDecision {
  readonly kind: 'fail';
  readonly look: string;
}

export type Decision = { readonly kind: 'pass' | 'drop' | 'keep' | 'route' | 'abort' } | FailDecision | RepairDecision;

export function decide(handler: TypedHandler, row: Row, computation: World): Decision {
  if (handler.fires === 'error') return { kind: 'pass' };
  const env = envOf(row, computation);
  return guarded(`${handler.id}|${row.id}`, computation, () => {
    const fires = handler.condition === null || holds(handler.condition, env) === (handler.fires === 'true');
    return fires ? descend(handler, row, computation, null) : { kind: 'pass' };
  });
}

/** ON ERROR on what failed; null where the step has no such clause. */
export function decideFailed(handler: TypedHandler | null, failed: FailedCall, computation: World): Decision {
  const [first] = failed.members;
  if (handler === null) return { kind: 'abort' };
  if (first === undefined) throw new Error('a call of no rows');
  return guarded(`${handler.id}|${failed.id}|${failed.call?.conjecture ?? 0}`, computation, () =>
    descend(handler, first, computation, failed),
  );
}

/** A clause looks at a row once (S8): what failed then has failed, though the LIMIT of its action may have been reached by others since. */
function guarded(look: string, { failedLooks }: World, decision: () => Decision): Decision {
  if (failedLooks.has(look)) return { kind: 'fail', look };
  try {
    return decision();
  } catch (error) {
    if (error instanceof EvaluationFailure) return { kind: 'fail', look };
    throw error;
  }
}

function descend(handler: TypedHandler, row: Row, computation: World, failed: FailedCall | null): Decision {
  let action: TypedAction = handler.action;
  for (let rung = 0; ;) {
    switch (action.kind) {
      case 'drop':
      case 'keep':
      case 'route':
      case 'abort':
        return { kind: action.kind };
      case 'retry-times':
        action = action.otherwise;
        break;
      default: {
        const key = `${handler.id}.${rung}`;
        const once = `${key}|${failed?.id ?? row.id}|${failed?.call?.conjecture ?? 0}`;
        if (computation.fired.has(once)) return { kind: 'pass' };
        const found = repairOf(action, { key, raiser: handler.id }, row, computation, failed);
        if (found !== null) return { ...found, once };
        rung += 1;
        action = action.otherwise;
      }
    }
  }
}

function repairOf(
  action: RepairAction,
  { key, raiser }: { readonly key: string; readonly raiser: RowsetId },
  row: Row,
  computation: World,
  failed: FailedCall | null,
): Omit<RepairDecision, 'once'> | null {
  const target = 'target' in action ? action.target : action.changes[0]?.target;
  const origins = target?.origins ?? [];
  const decision = { kind: 'repair', repair: action.kind, key } as const;
  const call = failed?.call ?? null;
  if (call !== null && origins.some(({ rowset }) => rowset === call.rowset.id)) {
    const next = call.conjecture + 1 < call.rowset.using.length;
    if (!next || (call.chain.firings.get(key) ?? 0) >= action.limit) return null;
    return { ...decision, ancestors: [], ownCall: call.id, valuesAt: () => new Map() };
  }
  const traced = (failed?.members ?? [row]).flatMap((one) =>
    target === undefined ? [] : trace(one, target, raiser, computation),
  );
  const ancestors = [...new Map(traced.map((one) => [one.id, one])).values()];
  if (!canAct(action.kind, action.limit, key, ancestors, computation)) return null;
  const env = failed?.env ?? envOf(row, computation);
  const changes = 'changes' in action ? action.changes : [];
  const values = changes.map(({ target: at, value }) => ({ at, value: evaluate(value, env) }));
  return {
    ...decision,
    ancestors,
    ownCall: null,
    valuesAt: (origin) =>
      new Map(
        values.map(({ at, value }) => {
          const there = at.origins.find(({ rowset }) => rowset === origin);
          return [keyOf(null, there?.column ?? at.name), value];
        }),
      ),
  };
}

interface Raising extends Pick<Call, 'id' | 'row' | 'conjecture' | 'columnOf'> {
  readonly rowset: { readonly id: RowsetId };
}

/** A repair that an operator yielded: an action with the default LIMIT and no ELSE (S13). */
export function decideYielded(call: Raising, repair: TestRepair, at: number, computation: World): Decision {
  const key = `${call.rowset.id}.${repair.kind}`;
  const once = `${key}|${call.id}|${call.row.id}|${call.conjecture}|${at}`;
  if (computation.fired.has(once)) return { kind: 'pass' };
  const changes = repair.changes.map(([input, value]) => ({ ...call.columnOf(input), value }));
  const ancestors = new Map(
    changes.flatMap(({ key: from }) => follow(call.row, from, computation).map((row) => [row.id, row] as const)),
  );
  const kind = repair.kind === 'fail' ? 'retry' : repair.kind;
  if (!canAct(kind, DEFAULT_LIMIT, key, [...ancestors.values()], computation)) return { kind: 'abort' };
  const columnAt = (there: readonly Origin[], origin: RowsetId): string =>
    keyOf(null, there.find(({ rowset }) => rowset === origin)?.column ?? '');
  return {
    kind: 'repair',
    repair: kind,
    key,
    once,
    ancestors: [...ancestors.values()],
    ownCall: null,
    valuesAt: (origin) => new Map(changes.map((change) => [columnAt(change.origins, origin), change.value])),
  };
}

function canAct(
  kind: RepairAction['kind'],
  limit: number,
  key: string,
  ancestors: readonly Row[],
  computation: World,
): boolean {
  if (ancestors.length === 0) return false;
  const most = Math.max(...ancestors.map((row) => computation.repairs.historyOf(row).firings.get(key) ?? 0));
  if (most >= limit) return false;
  if (kind !== 'retry') return true;
  return ancestors.every(({ node, origin }) => {
    const rowset = computation.rowset(node);
    return rowset.kind === 'process' && origin !== null && origin.conjecture + 1 < rowset.using.length;
  });
}
