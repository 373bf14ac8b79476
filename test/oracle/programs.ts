/** Random reactive programs: scripts of clauses, groups, joins and unions over one small table, with repairs from anywhere to anywhere above. */
import fc from 'fast-check';
import type { Value } from '../../src/typecheck/types.ts';
import type { TestOperator } from './calls.ts';

export interface Program {
  readonly text: string;
  readonly rows: readonly (readonly Value[])[];
}

/** One statement as numbers; what they mean depends on what stands before it, so that every list of steps is a script. */
interface StepSpec {
  readonly kind: number;
  readonly input: number;
  readonly other: number;
  readonly condition: number;
  readonly action: number;
  readonly change: number;
  readonly limit: number;
  readonly otherwise: number;
}

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

const stepSpec: fc.Arbitrary<StepSpec> = fc.record({
  kind: small(15),
  input: small(7),
  other: small(7),
  condition: small(9),
  action: small(6),
  change: small(7),
  limit: small(2),
  otherwise: small(4),
});

export const program: fc.Arbitrary<Program> = fc
  .record({
    rows: fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b', 'c')), { maxLength: 5 }),
    steps: fc.array(stepSpec, { minLength: 1, maxLength: 7 }),
  })
  .map(({ rows, steps }) => ({ rows, text: scriptOf(steps) }));

/** What the rowsets of a script have beside x and k. */
interface Known {
  readonly name: string;
  readonly labelled: boolean;
}

function scriptOf(steps: readonly StepSpec[]): string {
  const lines = ['r0 = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();'];
  const known: Known[] = [{ name: 'r0', labelled: false }];
  const routes: string[] = [];
  for (const step of steps) {
    const name = `r${known.length}`;
    const input = known[known.length - 1 - (step.input % known.length)] ?? { name: 'r0', labelled: false };
    const other = known[step.other % known.length] ?? input;
    const made = statement(step, input, other, routes);
    lines.push(`${name} = ${made.text};`);
    known.push({ name, labelled: made.labelled });
  }
  for (const { name } of known) lines.push(`OUTPUT ${name} TO "${name}.csv" USING CsvWriter();`);
  for (const name of routes) lines.push(`OUTPUT ${name} TO "${name}.csv" USING CsvWriter();`);
  return lines.join('\n');
}

function statement(
  step: StepSpec,
  input: Known,
  other: Known,
  routes: string[],
): { readonly text: string; readonly labelled: boolean } {
  const { name, labelled } = input;
  switch (step.kind) {
    case 0:
      return { text: `${name} WHERE ${condition(step.condition)}`, labelled };
    case 1:
      return { text: `SELECT x + ${step.limit} AS x, k FROM ${name}`, labelled: false };
    case 2:
      return { text: `SELECT k, SUM(x) AS x FROM ${name} GROUP BY k`, labelled: false };
    case 3:
      return { text: `SELECT DISTINCT x, k FROM ${name}`, labelled: false };
    case 4:
      return { text: `(SELECT x, k FROM ${name}) UNION (SELECT x, k FROM ${other.name})`, labelled: false };
    case 5:
      return {
        text: `SELECT a.x AS x, b.k AS k FROM ${name} AS a JOIN ${other.name} AS b ON a.k == b.k && a.x <= b.x`,
        labelled: false,
      };
    case 6:
    case 7:
      if (labelled) return { text: `${name} WHERE label != "z"`, labelled };
      return {
        text: `PROCESS ${name} USING TextClassifier(text = k, model = "m") ELSE TextClassifier(text = k + String(x), model = "m") PRODUCE label`,
        labelled: true,
      };
    case 8:
      return { text: `SELECT attempts(x) AS x, k FROM ${name}`, labelled: false };
    default:
      return { text: `${name} ${handler(step, labelled, routes)}`, labelled };
  }
}

const CONDITIONS = [
  'x < 3',
  'x % 3 == 0',
  'k == "a"',
  'attempts(x) == 0',
  'x > 4',
  'k != "b"',
  'attempts(k) < 2',
  'original(x) < 5',
  'x == 2 || k == "c"',
  'x <= 6',
];

function condition(at: number): string {
  return CONDITIONS[at] ?? 'x < 3';
}

const CHANGES = [
  'x = x + 1',
  'x = x + 3',
  'x = 1',
  'k = "a"',
  'k = "b"',
  'x = x - 1',
  'k = k + "!"',
  'x = original(x)',
];

function handler(step: StepSpec, labelled: boolean, routes: string[]): string {
  return `WHEN ${condition(step.condition)} ${action(step, labelled)} LIMIT ${step.limit + 1} ELSE ${otherwise(step, routes)}`;
}

function action(step: StepSpec, labelled: boolean): string {
  const change = CHANGES[step.change] ?? 'x = 1';
  switch (step.action) {
    case 0:
    case 1:
      return `EDIT ${change}`;
    case 2:
    case 3:
      return `APPEND ${change}`;
    case 4:
      return 'DELETE x';
    case 5:
      return labelled ? 'RETRY label' : 'DELETE k';
    default:
      return labelled ? 'RETRY label' : `EDIT ${change}`;
  }
}

function otherwise(step: StepSpec, routes: string[]): string {
  switch (step.otherwise) {
    case 0:
      return 'DROP';
    case 1: {
      const name = `q${routes.length}`;
      routes.push(name);
      return `ROUTE TO ${name}`;
    }
    case 2:
      return 'ABORT';
    default:
      return 'KEEP';
  }
}

/** Yields none, one or two labels, as its text says. */
export const classifier: TestOperator = ([text]) => {
  const given = typeof text === 'string' ? text : '';
  if (given.endsWith('3')) return [];
  const label = given.length % 2 === 0 ? 'even' : 'odd';
  return given.startsWith('c')
    ? [
        [label, 1],
        ['c', 1],
      ]
    : [[label, 1]];
};
