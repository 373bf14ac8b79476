/** Scripts without repairs, of steps that all have the columns a, b, c, so that any may follow any. */
import fc from 'fast-check';
import type { Value } from '../../src/typecheck/types.ts';
import type { TestOperator } from '../oracle/calls.ts';

export type Table = readonly (readonly Value[])[];

export interface RandomJob {
  readonly text: string;
  readonly tables: readonly [Table, Table];
}

/** `s` and `t` are the sources, read from "s.csv" and "t.csv". */
const SOURCES = ['s', 't'].map((name) => `${name} = EXTRACT a: int, b: string, c: float FROM "${name}.csv";`);

export const operators: ReadonlyMap<string, TestOperator> = new Map([
  // Drops some rows and doubles others, as operators may.
  [
    'TextClassifier',
    ([text]) => {
      const shown = typeof text === 'string' ? text : '';
      const answer = [`${shown}!`, shown.length];
      return shown.includes('drop') ? [] : shown.length > 2 ? [answer, ['twice', 0]] : [answer];
    },
  ],
]);

const condition = fc.constantFrom(
  'a > 1',
  'a == 2',
  'b == "x"',
  'b != "drop"',
  'c <= 1.5',
  'a > 0 && b != "y"',
  'c < 9.0 && a < 3',
  'true && a < 3',
  'b.length > 1 || a == 0',
  'a != 0 && 6 / a > 2.0',
  '6 / a > 2.0',
  'b.includes("o") && a >= 1',
);

type Step = (from: string, other: string, name: string) => string;

const step: fc.Arbitrary<Step> = fc.oneof(
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = ${from} WHERE ${p};`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT a, b, c FROM ${from} WHERE ${p};`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT a, b + "o" AS b, c * 2.0 AS c FROM ${from} HAVING ${p};`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT a, b, c + 1.0 AS d, c FROM ${from} WHERE ${p}; ${name} = SELECT a, b, c FROM ${name} WHERE c < 7.0;`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT DISTINCT a, b, c FROM ${from} HAVING ${p} ORDER BY b;`,
  ),
  fc.nat({ max: 4 }).map(
    (n): Step =>
      (from, _, name) =>
        `${name} = SELECT TOP ${n} a, b, c FROM ${from} ORDER BY c DESC, a;`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT a, FIRST(b) ?? "" AS b, MAX(c) ?? 0.0 AS c FROM ${from} GROUP BY a HAVING ${p} ORDER BY COUNT(*) DESC;`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name} = SELECT a, w AS b, c FROM ${from} CROSS APPLY EXPLODE(b.split("o")) AS w WHERE ${p};`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name}p = PROCESS ${from} USING TextClassifier(text = b, model = "m") PRODUCE label, score WHERE ${p}; ${name} = SELECT a, label AS b, c FROM ${name}p;`,
  ),
  condition.map(
    (p): Step =>
      (from, _, name) =>
        `${name}p = PROCESS ${from} USING TextClassifier(text = b, model = "m") PRODUCE label; ${name} = SELECT a, b, c FROM ${name}p WHERE label != "x!" && ${p};`,
  ),
  fc.constantFrom('UNION', 'UNION DISTINCT', 'EXCEPT', 'INTERSECT').map(
    (word): Step =>
      (from, other, name) =>
        `${name} = ${from} ${word} ${other};`,
  ),
  condition.map(
    (p): Step =>
      (from, other, name) =>
        `${name} = ${from} UNION ${other}; ${name} = ${name} WHERE ${p};`,
  ),
  fc.tuple(fc.constantFrom('JOIN', 'SEMI JOIN', 'ANTI JOIN'), condition).map(
    ([join, p]): Step =>
      (from, other, name) =>
        `${name} = SELECT l.a, l.b, l.c FROM ${from} AS l ${join} ${other} AS r ON l.a == r.a WHERE ${p.replaceAll(/\b([abc])\b(?!")/g, 'l.$1')};`,
  ),
);

const value = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('x', 'y', 'oo', 'drop', 'foxo'),
  fc.constantFrom(0.5, 1.5, 2, 8),
);

const table: fc.Arbitrary<Table> = fc.array(value, { maxLength: 6 });

export const randomJob: fc.Arbitrary<RandomJob> = fc
  .tuple(fc.array(fc.tuple(step, fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }), fc.nat({ max: 1 }), table, table)
  .map(([steps, outputs, first, second]) => {
    const names = ['s', 't'];
    const lines = steps.map(([make, from, other], at) => {
      // Later rowsets are likelier to be built on, so that chains get long.
      const pick = (n: number): string => names[Math.max(0, names.length - 1 - (n % 3))] ?? 's';
      const line = make(pick(from), pick(other), `r${at}`);
      names.push(`r${at}`);
      return line;
    });
    const order = outputs === 0 ? 'order = [a, b, c]' : 'order = [b]';
    const last = names.at(-1) ?? 's';
    const before = names.at(-2) ?? 's';
    const outs = [
      `OUTPUT ${last} TO "1.csv" USING CsvWriter(${order});`,
      `OUTPUT ${before} TO "2.csv" USING CsvWriter();`,
    ];
    return { text: [...SOURCES, ...lines, ...outs].join('\n'), tables: [first, second] };
  });
