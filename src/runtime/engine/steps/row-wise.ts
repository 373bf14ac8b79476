/** Filter, project and explode. */
import type { ExplodeNode, FilterNode, GraphNode, ProjectNode } from '../../../planner/graph.ts';
import type { Schema, TypedAction } from '../../../typecheck/typed.ts';
import { nonNull } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import { compileExpr, compilePredicate } from '../../expressions/compile.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { pickRows } from '../../relational/pick-rows.ts';
import type { RowError } from '../../row-error.ts';
import { complement } from '../../row-numbers.ts';
import { gather, valueAt, vectorBuilder } from '../../vectors.ts';
import { evaluating, placeOf } from '../faults.ts';
import { ended, nothingToClose, passedAll } from '../step.ts';
import type { Step, StepAnswer } from '../step.ts';
import { ordinalsAt } from './rows.ts';
import { failuresOf, onErrorClause, unsettledErrors } from './on-error.ts';
import { splitOf, Splitting } from './explode-split.ts';
import type { Settled } from './on-error.ts';
import type { RoutedNodes } from './routing.ts';

export interface RowWiseContext {
  readonly environment: ExpressionEnvironment;
  readonly routes: RoutedNodes;
  /** In a region failures count only when their rows have settled. */
  readonly inRegion: boolean;
  /** How many of the newest batches are looked into at one time, where that is known: memory of those before may be used again. */
  readonly inPassing?: number | null;
}

/** The step of a filter, project or explode; null for any other node. */
export function rowStep(node: GraphNode, input: Schema, context: RowWiseContext): Step | null {
  switch (node.kind) {
    case 'filter':
      return filterStep(node, input, context);
    case 'project':
      return projectStep(node, input, context);
    case 'explode':
      return explodeStep(node, input, context);
    default:
      return null;
  }
}

export function filterStep(node: FilterNode, input: Schema, context: RowWiseContext): Step {
  const predicate = compilePredicate(node.predicate, input, context.environment);
  const onError = errorsOf(node, input, context);
  return {
    run: (batch) => {
      const errors: RowError[] = [];
      const rows = onError === null ? evaluating(batch, predicate) : predicate(batch, errors);
      const failures = failuresOf(errors);
      const settled = onError?.(failures, batch) ?? NOTHING_SETTLED;
      return {
        ...passedAll(pickRows(batch, rows), rows.length),
        ...settled,
        ended: [...ended('dropped', node.clause, batch.length - rows.length - failures.length), ...settled.ended],
        ...told(failures),
      };
    },
    close: nothingToClose,
  };
}

export function projectStep(node: ProjectNode, input: Schema, context: RowWiseContext): Step {
  const items = node.items.map(({ value }) => compileExpr(value, input, context.environment));
  const onError = errorsOf(node, input, context);
  return {
    run: (batch) => {
      if (onError === null) {
        const vectors = evaluating(batch, () => items.map((item) => item(batch)));
        return passedAll({ ...batch, vectors }, batch.length);
      }
      const errors: RowError[] = [];
      const vectors = items.map((item) => item(batch, errors));
      const failures = failuresOf(errors);
      const settled = onError(failures, batch);
      const failed = Int32Array.from(failures, ({ row }) => row);
      const all = { ...batch, vectors };
      const out = failed.length === 0 ? all : pickRows(all, complement(failed, batch.length));
      return { ...passedAll(out, out.length), ...settled, ...told(failures) };
    },
    close: nothingToClose,
  };
}

const NO_MORE: ReadonlyMap<string, Vector> = new Map();
const NOTHING_SETTLED: Settled = { ended: [], routed: null };

type Errors = (failures: readonly RowFailure[], batch: Batch) => Settled & Pick<StepAnswer, 'unsettled'>;

/** What becomes of rows on which an expression fails; null where the first of them ends the job at once. */
function errorsOf(
  node: FilterNode | ProjectNode | ExplodeNode,
  input: Schema,
  { environment, routes, inRegion }: RowWiseContext,
): Errors | null {
  const fail = expressionFailed(node);
  if (inRegion) {
    const unsettled = unsettledErrors(onErrorOf(node), input, routes, fail);
    return (failures, batch) => ({ ...NOTHING_SETTLED, unsettled: unsettled(failures, batch, NO_MORE) });
  }
  const onError = onErrorOf(node);
  if (onError === null) return null;
  const clause = onErrorClause(onError, input, { environment, routes }, fail);
  return (failures, batch) => clause(failures, batch, NO_MORE);
}

function onErrorOf(node: FilterNode | ProjectNode | ExplodeNode): TypedAction | null {
  return node.kind === 'explode' ? null : (node.onError ?? null);
}

function told(failures: readonly RowFailure[]): Pick<StepAnswer, 'told'> {
  return failures.length === 0 ? {} : { told: { inputs: null, failures } };
}

/** The error of a row that a SELECT fails on. */
function expressionFailed({ span }: FilterNode | ProjectNode | ExplodeNode) {
  return ({ row, code, message, cause }: RowFailure, batch: Batch, text: string | null): RunError =>
    new RunError(code, text === null ? message : `${text} (${message})`, { span, place: placeOf(batch, row), cause });
}

export function explodeStep(node: ExplodeNode, input: Schema, context: RowWiseContext): Step {
  const places = node.schema.map(({ name }) => (name === node.name ? -1 : input.findIndex((one) => one.name === name)));
  const split = splitOf(node.value, input);
  const splitting = split === null ? null : new Splitting(split.at, context.inPassing ?? null);
  const explode = explodeLists(node, input, context.environment);
  const onError = errorsOf(node, input, context);
  return {
    run: (batch) => {
      const pieces = split === null ? null : (splitting?.pieces(batch.vectors[split.column], batch.length) ?? null);
      const errors: RowError[] = [];
      const {
        pieces: exploded,
        rows,
        passed,
      } = pieces === null ? explode(batch, onError === null ? undefined : errors) : { ...pieces, passed: batch.length };
      const failures = failuresOf(errors);
      const vectors = places.map((place) => {
        const vector = batch.vectors[place];
        return vector === undefined ? exploded : gather(vector, rows);
      });
      return {
        ...passedAll({ ...batch, length: rows.length, vectors, ordinals: ordinalsAt(batch, rows) }, passed),
        ...onError?.(failures, batch),
        ended: ended('dropped', 'EXPLODE of nothing', batch.length - passed - failures.length),
      };
    },
    close: nothingToClose,
  };
}

interface Exploded {
  readonly pieces: Vector;
  /** The row of each piece. */
  readonly rows: Int32Array;
  /** Rows that have a piece. */
  readonly passed: number;
}

function explodeLists(
  node: ExplodeNode,
  input: Schema,
  environment: ExpressionEnvironment,
): (batch: Batch, errors?: RowError[]) => Exploded {
  const list = compileExpr(node.value, input, environment);
  const type = nonNull(node.value.type);
  const element = type.kind === 'array' ? type.element : type;
  return (batch, errors) => {
    const lists = errors === undefined ? evaluating(batch, list) : list(batch, errors);
    const failed = new Set(errors?.map(({ row }) => row));
    const parents: number[] = [];
    const elements = vectorBuilder(element, batch.length);
    let passed = 0;
    for (let row = 0; row < batch.length; row++) {
      const values = valueAt(lists, row);
      if (!Array.isArray(values) || values.length === 0 || failed.has(row)) continue;
      passed += 1;
      for (const value of values) {
        parents.push(row);
        elements.push(value);
      }
    }
    return { pieces: elements.finish(), rows: Int32Array.from(parents), passed };
  };
}
