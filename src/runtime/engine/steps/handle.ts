/** WHEN, ASSERT and bare actions that need no way back: DROP, KEEP, ABORT, ROUTE TO. */
import type { HandleNode } from '../../../planner/graph.ts';
import type { Schema, TypedExpr } from '../../../typecheck/typed.ts';
import type { Batch } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import { compileExpr, compilePredicate } from '../../expressions/compile.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import { pickRows } from '../../relational/pick-rows.ts';
import { complement, range } from '../../row-numbers.ts';
import { evaluating, notRun, placeOf } from '../faults.ts';
import { ended, nothingToClose, passedAll } from '../step.ts';
import type { Step, StepAnswer } from '../step.ts';
import { routed, textsOf } from './routing.ts';
import type { RoutedNodes } from './routing.ts';

/** Rows that the clause fires on, and those it leaves alone. */
interface Fired {
  readonly fired: Int32Array;
  readonly others: Int32Array;
}

type Texts = (batch: Batch) => readonly string[];

export function handleStep(
  node: HandleNode,
  input: Schema,
  environment: ExpressionEnvironment,
  routes: RoutedNodes,
): Step {
  const condition = node.condition === null ? null : compilePredicate(node.condition, input, environment);
  const message = textsFor(node.message, node.conditionText, input, environment);
  const act = actionOf(node, input, environment, routes, message);
  return {
    run: (batch) => {
      const holds = condition === null ? range(0, batch.length) : evaluating(batch, condition);
      const { fired, others } = split(node, holds, batch.length);
      return fired.length === 0 ? passedAll(batch, batch.length) : act(batch, fired, others);
    },
    close: nothingToClose,
  };
}

type Act = (batch: Batch, fired: Int32Array, others: Int32Array) => StepAnswer;

function actionOf(
  node: HandleNode,
  input: Schema,
  environment: ExpressionEnvironment,
  routes: RoutedNodes,
  message: Texts,
): Act {
  const { action } = node;
  const verb = node.fires === 'false' ? 'ASSERT' : 'WHEN';
  const clause = node.condition === null ? '' : `${verb} ${node.conditionText} `;
  switch (action.kind) {
    case 'drop':
      return (batch, fired, others) => ({
        ...passedAll(pickRows(batch, others), others.length),
        ended: ended('dropped', `${clause}DROP`, fired.length),
      });
    case 'keep':
      return (batch) => passedAll(batch, batch.length);
    case 'abort': {
      const texts =
        action.message === null ? message : textsFor(action.message, node.conditionText, input, environment);
      return (batch, fired) => {
        const [text = ''] = texts(pickRows(batch, fired.subarray(0, 1)));
        throw new RunError('PR7001', `${clause}ABORT: ${text}`, {
          span: action.span,
          place: placeOf(batch, fired[0] ?? 0),
        });
      };
    }
    case 'route':
      return (batch, fired, others) => {
        const reasons = texts(message, batch, fired);
        return {
          ...passedAll(pickRows(batch, others), others.length),
          ended: ended('routed', `${clause}ROUTE TO ${action.name}`, fired.length),
          routed: routed(routes, action.rowset, { batch, schema: input, more: new Map(), rows: fired, reasons }),
        };
      };
    case 'edit':
    case 'append':
    case 'delete':
    case 'retry':
    case 'retry-times':
      throw notRun(`the repair ${action.kind.toUpperCase()}`, action.span);
  }
}

function texts(message: Texts, batch: Batch, rows: Int32Array): readonly string[] {
  return message(pickRows(batch, rows));
}

/** The texts of an expression for each row, or one text for all. */
export function textsFor(
  expr: TypedExpr | null,
  otherwise: string,
  schema: Schema,
  environment: ExpressionEnvironment,
): Texts {
  if (expr === null) return (batch) => Array.from({ length: batch.length }, () => otherwise);
  const compiled = compileExpr(expr, schema, environment);
  return (batch) => textsOf(evaluating(batch, compiled), batch.length, otherwise);
}

function split({ fires }: HandleNode, holds: Int32Array, length: number): Fired {
  const others = complement(holds, length);
  return fires === 'true' ? { fired: holds, others } : { fired: others, others: holds };
}
