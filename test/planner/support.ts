/** Plans of script texts, as lines that a test can show. */
import { expect } from 'chai';
import { buildGraph } from '../../src/planner/build.ts';
import { nodeText } from '../../src/planner/explain/node-text.ts';
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../../src/planner/graph.ts';
import { DEFAULT_PLAN_OPTIONS, optimise, plan, type PlanOptions } from '../../src/planner/make-plan.ts';
import type { Plan } from '../../src/planner/plan.ts';
import type { Rule } from '../../src/planner/rules/rule.ts';
import { typed } from '../support/check.ts';

export function graphOf(text: string): Graph {
  return buildGraph(typed(text));
}

export function planOf(text: string, options: Partial<PlanOptions> = {}): Plan {
  const planned = plan(typed(text), { ...DEFAULT_PLAN_OPTIONS, ...options });
  expect(planned.diagnostics).to.deep.equal([]);
  if (planned.plan === null) throw new Error('no errors, and no plan');
  return planned.plan;
}

/** `label ← inputs: what it does`, one line a node. */
export function linesOf(graph: Graph): readonly string[] {
  const labels = labelsOf(graph);
  return graph.nodes.map((node) => {
    const inputs = inputsOf(node).map((input) => labels.get(input) ?? '?');
    return `${node.label}${inputs.length === 0 ? '' : ` ← ${inputs.join(', ')}`}: ${nodeText(node)}`;
  });
}

export function labelsOf(graph: Graph): ReadonlyMap<NodeId, string> {
  return new Map(graph.nodes.map((node) => [node.id, node.label]));
}

export function node(graph: Graph, label: string): GraphNode {
  const found = graph.nodes.find((candidate) => candidate.label === label);
  if (found === undefined) throw new Error(`no ${label} among ${graph.nodes.map((n) => n.label).join(', ')}`);
  return found;
}

export interface Example {
  readonly script: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What the rule says it did. */
  readonly says: readonly string[];
}

/** Runs a rule alone to its end; lines of nodes that are as they were may be left out of `before` and `after`. */
export function expectRule(rule: Rule, { script, before, after, says }: Example): void {
  const graph = graphOf(script);
  const applied = optimise(graph, [rule]);
  const [old, now] = [linesOf(graph), linesOf(applied.graph)];
  expect(
    old.filter((line) => !now.includes(line)),
    'before',
  ).to.deep.equal(before);
  expect(
    now.filter((line) => !old.includes(line)),
    'after',
  ).to.deep.equal(after);
  expect(applied.firings.map(({ what }) => what)).to.deep.equal(says);
}

/** The rule leaves the script's graph alone. */
export function expectUnfired(rule: Rule, script: string): void {
  expectRule(rule, { script, before: [], after: [], says: [] });
}
