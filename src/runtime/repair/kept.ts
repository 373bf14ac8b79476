/** ON ERROR KEEP in a region: the row that a step failed on, with null for what its operator would have produced. */
import type { GraphNode } from '../../planner/graph.ts';
import type { Batch } from '../batch.ts';
import { constantVector } from '../vectors.ts';
import type { Member } from './members.ts';

/** `rows` have the columns of the input. */
export function keptBatch(node: GraphNode, input: Member, rows: Batch): Batch {
  const produced = new Set('produce' in node ? node.produce.map(({ name }) => name) : []);
  const { schema } = input.table;
  return {
    ...rows,
    vectors: node.schema.map((column) => {
      const place = produced.has(column.name) ? -1 : schema.findIndex(({ name }) => name === column.name);
      return rows.vectors[place] ?? constantVector(column.type, null, rows.length);
    }),
    source: null,
  };
}
