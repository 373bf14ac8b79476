/**
 * The naive reference of semantics.md: keep every row and its parents, loop until no handler fires, recompute everything from scratch each time.
 * Written from the rules alone; it shares the parser, the checker and the function table with the product, and nothing else.
 */
import type { TypedHandler } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { Computation, TooLong } from './nodes.ts';
import type { Job } from './nodes.ts';
import { shapeOf } from './regions.ts';
import type { Shape } from './regions.ts';
import { Repairs } from './state.ts';
import type { Row } from './state.ts';
import { envOf, isAlive, keyOf } from './trace.ts';

export interface Repaired {
  readonly handler: string;
  readonly kind: 'edit' | 'append' | 'delete' | 'retry';
}

export interface Settled {
  /** Rows of each output, in the order of its columns. */
  readonly outputs: readonly (readonly (readonly Value[])[])[];
  readonly repairs: readonly Repaired[];
  /** The handler whose ABORT ended the job. */
  readonly abortedBy: string | null;
}

const REPAIRS = 60;

/** Passes after which a test gives up: LIMIT must have ended the job long before. */
const PASSES = 10_000;

export function settle(job: Job): Settled {
  const shape = shapeOf(job.script);
  const repairs = new Repairs();
  const fired = new Set<string>();
  const log: Repaired[] = [];
  for (const region of shape.regions) {
    for (let pass = 0; ; pass += 1) {
      if (pass === PASSES) throw new Error('a region does not settle');
      const computation = new Computation(job, shape, repairs, fired);
      const raised = region.flatMap((handler) => raisedBy(handler, computation));
      const levels = raised.map(({ handler }) => shape.level(handler.id));
      const lowest = Math.min(...levels);
      const abort = aborting(job, computation, shape, lowest);
      if (abort !== null) return { outputs: [], repairs: log, abortedBy: abort.label };
      if (raised.length === 0) break;
      if (log.length + raised.length > REPAIRS) throw new TooLong();
      act(
        raised.filter(({ handler }) => shape.level(handler.id) === lowest),
        computation,
        fired,
        log,
      );
    }
  }
  const final = new Computation(job, shape, repairs, fired);
  const abort = aborting(job, final, shape, Infinity);
  if (abort !== null) return { outputs: [], repairs: log, abortedBy: abort.label };
  return { outputs: job.script.outputs.map(({ input }) => tableOf(final, input)), repairs: log, abortedBy: null };
}

interface Raised {
  readonly handler: TypedHandler;
  readonly row: Row;
  readonly decision: Extract<Decision, { kind: 'repair' }>;
}

function raisedBy(handler: TypedHandler, computation: Computation): readonly Raised[] {
  return computation.rows(handler.input).flatMap((row) => {
    const decision = decide(handler, row, computation);
    return decision.kind === 'repair' ? [{ handler, row, decision }] : [];
  });
}

/** S8: in clause order, then row order; what died meanwhile is stale. */
function act(raised: readonly Raised[], computation: Computation, fired: Set<string>, log: Repaired[]): void {
  const { repairs } = computation;
  for (const { handler, row, decision } of raised.toSorted((a, b) => a.handler.id - b.handler.id)) {
    const { action, key, ancestors } = decision;
    if (!isAlive(row, repairs) || !ancestors.every((ancestor) => isAlive(ancestor, repairs))) continue;
    fired.add(`${key}|${row.id}`);
    log.push({ handler: handler.label, kind: action.kind });
    const calls = new Set<string>();
    for (const ancestor of ancestors) {
      // A copy among the ancestors may have died with the one before it.
      if (!isAlive(ancestor, repairs)) continue;
      switch (action.kind) {
        case 'edit':
        case 'append': {
          const env = envOf(row, computation);
          const values = new Map(
            action.changes.map(({ target, value }) => {
              const origin = target.origins.find(({ rowset }) => rowset === ancestor.node);
              return [keyOf(null, origin?.column ?? target.name), evaluate(value, env)];
            }),
          );
          repairs[action.kind](ancestor, values, key);
          break;
        }
        case 'delete':
          repairs.delete(ancestor);
          break;
        case 'retry': {
          const call = ancestor.origin?.call ?? '';
          if (!calls.has(call)) repairs.retry(ancestor, key);
          calls.add(call);
          break;
        }
      }
    }
  }
}

/** S10: an ABORT whose level has no repair left and whose row still lives. */
function aborting(job: Job, computation: Computation, shape: Shape, lowest: number): TypedHandler | null {
  const aborts = job.script.rowsets.filter((rowset) => rowset.kind === 'handler');
  for (const handler of aborts) {
    if (lowest !== Infinity && shape.level(handler.id) >= lowest) continue;
    if (computation.rows(handler.input).some((row) => decide(handler, row, computation).kind === 'abort'))
      return handler;
  }
  return null;
}

function tableOf(computation: Computation, id: number): readonly (readonly Value[])[] {
  const names = computation.rowset(id).schema.map(({ name }) => keyOf(null, name));
  return computation.rows(id).map((row) => names.map((name) => row.values.get(name) ?? null));
}
