/** Laws of the lowering and of the rules, on random scripts; the reference of test/oracle says what a script means. */
import { expect } from 'chai';
import fc from 'fast-check';
import { buildGraph } from '../../src/planner/build.ts';
import { type Graph, inputsOf } from '../../src/planner/graph.ts';
import { optimise } from '../../src/planner/make-plan.ts';
import { orderRoot } from '../../src/planner/order.ts';
import { rules } from '../../src/planner/rules/index.ts';
import { withSchemas } from '../../src/planner/schemas.ts';
import type { TypedScript } from '../../src/typecheck/typed.ts';
import { typeText } from '../../src/typecheck/types.ts';
import { settle } from '../oracle/settle.ts';
import { rowset, typed } from '../support/check.ts';
import { operators, randomJob, type RandomJob } from './random-scripts.ts';
import { linesOf } from './support.ts';
import { runGraph } from './run-graph.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 10_000 : 60;

/** `unknown`: the reference has no such step. */
type Outputs = Readonly<Record<string, readonly string[]>> | 'fails' | 'unknown';

function outputsOf(graph: Graph, { tables }: RandomJob): Outputs {
  const world = {
    tables: new Map([
      ['s.csv', tables[0]],
      ['t.csv', tables[1]],
    ]),
    operators,
  };
  return orFails(() => Object.fromEntries(runGraph(graph, world)));
}

/** What the reference gives for the script itself. */
function meaningOf(script: TypedScript, { tables }: RandomJob): Outputs {
  const sources = new Map([
    [rowset(script, 's').id, tables[0]],
    [rowset(script, 't').id, tables[1]],
  ]);
  return orFails(() => {
    const { outputs, abortedBy } = settle({ script, tables: sources, operators });
    if (abortedBy !== null) return 'fails';
    return Object.fromEntries(
      script.outputs.map((output, at) => {
        const names = script.rowsets[output.input]?.schema.map(({ name }) => name) ?? [];
        const order = output.writer.options.find(([name]) => name === 'order')?.[1];
        const columns = Array.isArray(order)
          ? order.map((name) => names.findIndex((other) => other === name))
          : names.map((_, at) => at);
        return [
          output.pathText,
          (outputs[at] ?? []).map((row) => JSON.stringify(columns.map((column) => row[column]))),
        ];
      }),
    );
  });
}

function orFails(run: () => Outputs): Outputs {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && error.name === 'EvaluationFailure') return 'fails';
    if (error instanceof Error && error.message.startsWith('the oracle knows no')) return 'unknown';
    throw error;
  }
}

/**
 * Whether branches of a union of different sources meet again. Where that union holds one source row twice, S14 leaves open whether the two are at one
 * place of the order, as the reference has it, or at two.
 */
function ordersByUnion(graph: Graph): boolean {
  const roots = new Map<number, number>();
  for (const node of graph.nodes) roots.set(node.id, orderRoot(node, roots));
  const unions = new Set(graph.nodes.flatMap(({ kind, id }) => (kind === 'union' ? [id] : [])));
  return graph.nodes.some((node) => node.kind === 'union' && node.interleave && unions.has(roots.get(node.left) ?? -1));
}

describe('laws of plans', () => {
  it('a graph gives what its script means', () => {
    fc.assert(
      fc.property(randomJob, (job) => {
        const script = typed(job.text);
        const meaning = meaningOf(script, job);
        const graph = buildGraph(script);
        fc.pre(meaning !== 'unknown' && !ordersByUnion(graph));
        expect(outputsOf(graph, job)).to.deep.equal(meaning);
      }),
      { numRuns: RUNS },
    );
  });

  it('the rules change neither what is written nor whether it fails, all together or each alone', () => {
    fc.assert(
      fc.property(randomJob, fc.option(fc.nat({ max: rules.length - 1 })), (job, which) => {
        const graph = buildGraph(typed(job.text));
        const chosen = which === null ? rules : rules.filter((_, at) => at === which);
        const { graph: optimised, firings } = optimise(graph, chosen);
        const told = [
          ...linesOf(graph),
          '',
          ...linesOf(optimised),
          ...firings.map(({ rule, what }) => `${rule}: ${what}`),
        ];
        expect(outputsOf(optimised, job), told.join('\n')).to.deep.equal(outputsOf(graph, job));
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('the rules come to an end: on their own result none fires', () => {
    fc.assert(
      fc.property(randomJob, ({ text }) => {
        const { graph } = optimise(buildGraph(typed(text)), rules);
        expect(rules.flatMap((rule) => rule.apply(graph).firings)).to.deep.equal([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('after any rules, every node follows its inputs, has their columns, and a label of its own', () => {
    fc.assert(
      fc.property(randomJob, fc.subarray([...rules]), ({ text }, chosen) => {
        const { graph } = optimise(buildGraph(typed(text)), chosen);
        const seen = new Set<number>();
        for (const node of graph.nodes) {
          for (const input of inputsOf(node)) expect(seen.has(input)).to.equal(true);
          seen.add(node.id);
        }
        expect(schemasOf(withSchemas(graph.nodes))).to.deep.equal(schemasOf(graph.nodes));
        expect(new Set(graph.nodes.map(({ label }) => label)).size).to.equal(graph.nodes.length);
        for (const node of graph.nodes) {
          if (node.kind !== 'union') continue;
          const [left, right] = inputsOf(node).map((id) =>
            graph.nodes.find((other) => other.id === id)?.schema.map(({ name }) => name),
          );
          expect(left).to.deep.equal(right);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('an output’s columns keep their names and types', () => {
    fc.assert(
      fc.property(randomJob, ({ text }) => {
        const graph = buildGraph(typed(text));
        const columns = ({ nodes }: Graph): readonly string[] =>
          nodes.flatMap((node) => {
            if (node.kind !== 'output') return [];
            const order = node.writer.options.find(([name]) => name === 'order')?.[1];
            const written = node.schema.filter(
              ({ name }) => !Array.isArray(order) || order.some((other) => other === name),
            );
            return [`${node.label}: ${written.map(({ name, type }) => `${name} ${typeText(type)}`).join()}`];
          });
        expect(columns(optimise(graph, rules).graph)).to.have.members(columns(graph));
      }),
      { numRuns: RUNS },
    );
  });
});

function schemasOf(nodes: Graph['nodes']): readonly string[] {
  return nodes.map(
    ({ label, schema }) => `${label}: ${schema.map(({ qualifier, name }) => `${qualifier}.${name}`).join()}`,
  );
}
