/** Filter, project and explode. */
import type { ExplodeNode, FilterNode, ProjectNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import { nonNull } from '../../../typecheck/types.ts';
import type { Batch } from '../../batch.ts';
import { compileExpr, compilePredicate } from '../../expressions/compile.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import { pickRows } from '../../relational/pick-rows.ts';
import { gather, valueAt, vectorBuilder } from '../../vectors.ts';
import { evaluating } from '../faults.ts';
import { ended, nothingToClose, passedAll } from '../step.ts';
import type { Step } from '../step.ts';

export function filterStep(node: FilterNode, input: Schema, environment: ExpressionEnvironment): Step {
  const predicate = compilePredicate(node.predicate, input, environment);
  return {
    run: (batch) => {
      const rows = evaluating(batch, predicate);
      return {
        ...passedAll(pickRows(batch, rows), rows.length),
        ended: ended('dropped', node.clause, batch.length - rows.length),
      };
    },
    close: nothingToClose,
  };
}

export function projectStep(node: ProjectNode, input: Schema, environment: ExpressionEnvironment): Step {
  const items = node.items.map(({ value }) => compileExpr(value, input, environment));
  return {
    run: (batch) => {
      const vectors = evaluating(batch, () => items.map((item) => item(batch)));
      return passedAll({ ...batch, vectors }, batch.length);
    },
    close: nothingToClose,
  };
}

export function explodeStep(node: ExplodeNode, input: Schema, environment: ExpressionEnvironment): Step {
  const list = compileExpr(node.value, input, environment);
  const places = node.schema.map(({ name }) => (name === node.name ? -1 : input.findIndex((one) => one.name === name)));
  const type = nonNull(node.value.type);
  const element = type.kind === 'array' ? type.element : type;
  return {
    run: (batch) => {
      const lists = evaluating(batch, list);
      const parents: number[] = [];
      const elements = vectorBuilder(element, batch.length);
      let passed = 0;
      for (let row = 0; row < batch.length; row++) {
        const values = valueAt(lists, row);
        if (!Array.isArray(values) || values.length === 0) continue;
        passed += 1;
        for (const value of values) {
          parents.push(row);
          elements.push(value);
        }
      }
      const rows = Int32Array.from(parents);
      const exploded = elements.finish();
      const vectors = places.map((place) => {
        const vector = batch.vectors[place];
        return vector === undefined ? exploded : gather(vector, rows);
      });
      return {
        ...passedAll({ ...batch, length: rows.length, vectors, ordinals: ordinalsAt(batch, rows) }, passed),
        ended: ended('dropped', 'EXPLODE of nothing', batch.length - passed),
      };
    },
    close: nothingToClose,
  };
}

/** Ordinals of rows made from these input rows. */
export function ordinalsAt({ ordinals }: Batch, rows: Int32Array): Int32Array {
  return ordinals === null ? rows : Int32Array.from(rows, (row) => ordinals[row] ?? 0);
}
