/** Random scripts: the engine writes what a naive evaluation of the graph gives, whatever the batch size and the optimiser's rules. */
import { expect } from 'chai';
import fc from 'fast-check';
import { randomJob, operators } from '../../planner/random-scripts.ts';
import type { RandomJob, Table } from '../../planner/random-scripts.ts';
import { runGraph } from '../../planner/run-graph.ts';
import type { OperatorLibrary } from '../../../src/runtime/operators/library.ts';
import type { ProcessorRunner } from '../../../src/runtime/operators/runner.ts';
import { vectorOf, valueAt } from '../../../src/runtime/vectors.ts';
import type { OperatorSignature } from '../../../src/typecheck/signature.ts';
import { FLOAT, STRING } from '../../../src/typecheck/types.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { operator, option } from '../../support/signatures.ts';
import { writtenText } from '../writers/support.ts';
import { runScript } from './support.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 2000 : 60;

const classifier: OperatorSignature = operator({
  name: 'TextClassifier',
  role: 'processor',
  inputs: [{ name: 'text', type: STRING }],
  options: [option('model', STRING, { required: true })],
  outputs: [
    { name: 'label', type: STRING },
    { name: 'score', type: FLOAT },
  ],
  costly: true,
});

/** The operator of the reference behind the engine's seam; each call takes a turn of the event loop, as a model would. */
function runnerOf(name: string): ProcessorRunner {
  const body = operators.get(name);
  if (body === undefined) throw new Error(`no operator ${name}`);
  return {
    open: async () => undefined,
    close: async () => undefined,
    async run(inputs, length) {
      await new Promise((resolve) => setImmediate(resolve));
      const rows: (readonly Value[])[] = [];
      const parents: number[] = [];
      for (let row = 0; row < length; row++) {
        for (const answer of body(inputs.map((vector) => valueAt(vector, row)))) {
          rows.push(answer);
          parents.push(row);
        }
      }
      const column = (at: number): readonly Value[] => rows.map((row) => row[at] ?? null);
      return {
        vectors: [vectorOf(STRING, column(0)), vectorOf(FLOAT, column(1))],
        length: rows.length,
        parents: Int32Array.from(parents),
        failures: [],
        repairs: [],
      };
    },
  };
}

function withOperators(library: OperatorLibrary): OperatorLibrary {
  return { ...library, processor: (call) => runnerOf(call.signature.name) };
}

function csv(table: Table): string {
  return `a,b,c\n${table.map((row) => `${row.map(String).join(',')}\n`).join('')}`;
}

async function expectedOf(
  job: RandomJob,
  plan: Parameters<typeof runGraph>[0],
): Promise<Readonly<Record<string, string>> | null> {
  const world = {
    tables: new Map([
      ['s.csv', job.tables[0]],
      ['t.csv', job.tables[1]],
    ]),
    operators,
  };
  let outputs: ReturnType<typeof runGraph>;
  try {
    outputs = runGraph(plan, world);
  } catch (error) {
    if (error instanceof Error && error.name === 'EvaluationFailure') return null;
    throw error;
  }
  const files: Record<string, string> = {};
  for (const node of plan.nodes) {
    if (node.kind !== 'output') continue;
    const order = node.writer.options.find(([name]) => name === 'order')?.[1];
    const columns = node.schema.filter(({ name }) => !Array.isArray(order) || order.includes(name));
    const names = Array.isArray(order) ? order.map((name) => columns.find((column) => column.name === name)) : columns;
    const rows = (outputs.get(node.pathText) ?? []).map((line) => JSON.parse(line) as Value[]);
    const table = {
      columns: names.flatMap((column) => (column === undefined ? [] : [[column.name, column.type] as const])),
      rows,
    };
    files[node.pathText] = await writtenText('CsvWriter', table);
  }
  return files;
}

describe('the engine on random scripts', () => {
  it('writes what the naive evaluation of the same graph gives, at any batch size', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomJob, fc.boolean(), async (job, noOpt) => {
        for (const batchRows of [1, 3, 7, 4096]) {
          const ran = await runScript(job.text, {
            inputs: { 's.csv': csv(job.tables[0]), 't.csv': csv(job.tables[1]) },
            builtins: [classifier],
            library: withOperators,
            batchRows,
            plan: { noOpt },
          });
          const expected = await expectedOf(job, ran.plan.graph);
          if (expected === null) {
            expect(ran.result.outcome).to.equal('failed');
            expect(ran.files).to.deep.equal({});
          } else {
            expect(ran.result.error).to.equal(null);
            expect(ran.files).to.deep.equal(expected);
            compared += 1;
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(compared).to.be.greaterThan(RUNS);
  });
});
