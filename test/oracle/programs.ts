/** Random reactive programs: scripts of clauses, groups, joins and unions over one small table, with repairs from anywhere to anywhere above. */
import fc from 'fast-check';
import type { Value } from '../../src/typecheck/types.ts';
import type { TestCombiner, TestEffects, TestOperator, TestReducer, TestRepair } from './calls.ts';

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
  kind: small(44),
  input: small(7),
  other: small(7),
  condition: small(10),
  action: small(6),
  change: small(8),
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
  readonly noted: boolean;
  /** What a join above called its sides, for repairs of one side. */
  readonly sides: readonly string[];
}

const BARE = { labelled: false, noted: false, sides: [] };

function scriptOf(steps: readonly StepSpec[]): string {
  const lines = [
    'IMPORT { Adder, Fixer, Judge, Pairer, Trimmer } FROM "./operators.ts";',
    'z = VALUES (3, "a"), (5, "b"), (2, "b") AS (y: long, k: string);',
    'z2 = VALUES (3, "a"), (5, "b"), (2, "b"), (7, "d") AS (x: long, k: string);',
    'r0 = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();',
  ];
  const known: Known[] = [{ name: 'r0', ...BARE }];
  const routes: string[] = [];
  for (const step of steps) {
    const name = `r${lines.length - 3}`;
    const input = known[known.length - 1 - (step.input % known.length)] ?? { name: 'r0', ...BARE };
    const other = known[step.other % known.length] ?? input;
    const routed = routes.length;
    const made = statement(step, input, other, routes);
    lines.push(`${name} = ${made.text};`);
    known.push({ ...made, name, sides: made.sides.length > 0 ? made.sides : input.sides });
    for (const route of routes.slice(routed)) known.push({ ...input, name: route });
  }
  for (const { name } of known) lines.push(`OUTPUT ${name} TO "${name}.csv" USING CsvWriter();`);
  return lines.join('\n');
}

interface Made extends Omit<Known, 'name'> {
  readonly text: string;
}

function statement(step: StepSpec, input: Known, other: Known, routes: string[]): Made {
  const { name, labelled } = input;
  switch (step.kind) {
    case 0:
      return { ...input, text: `${name} WHERE ${condition(step.condition)}` };
    case 1:
      return { ...BARE, text: `SELECT x + ${step.limit} AS x, k FROM ${name}` };
    case 2:
      return { ...BARE, text: `SELECT k, SUM(x) AS x FROM ${name} GROUP BY k` };
    case 3:
      return { ...BARE, text: `SELECT DISTINCT x, k FROM ${name}` };
    case 4:
      return { ...BARE, text: `(SELECT x, k FROM ${name}) UNION (SELECT x, k FROM ${other.name})` };
    case 5:
      return {
        ...BARE,
        text: `SELECT a.x AS x, b.k AS k FROM ${name} AS a JOIN ${other.name} AS b ON a.k == b.k && a.x <= b.x`,
      };
    case 6:
    case 7: {
      if (labelled) return { ...input, text: `${name} WHERE label != "z"` };
      const using = 'TextClassifier(text = k, model = "m") ELSE TextClassifier(text = k + String(x), model = "m")';
      const failed = step.kind === 6 ? '' : ` ON ERROR ${failing(step, true, routes)}`;
      return { ...input, labelled: true, text: `PROCESS ${name} USING ${using} PRODUCE label${failed}` };
    }
    case 8:
      return { ...BARE, text: `SELECT attempts(x) AS x, k FROM ${name}` };
    case 9:
    case 10: {
      if (input.noted) return { ...input, text: `${name} WHERE note != "z"` };
      const failed = step.kind === 9 && step.limit === 0 ? '' : ` ON ERROR ${failing(step, labelled, routes)}`;
      return { ...input, noted: true, text: `PROCESS ${name} USING Fixer(n = x, text = k) PRODUCE note${failed}` };
    }
    case 14:
    case 38:
      return {
        ...BARE,
        text: `REDUCE ${name} ON k PRESORT x${step.limit === 0 ? ' DESC' : ''} USING Trimmer(n = x) ${onGroups(step, 'x')}`,
      };
    case 15: {
      const by =
        step.other % 3 === 0
          ? ''
          : ` ORDER BY ${step.other % 3 === 1 ? 'x' : 'k'}${step.change % 2 === 0 ? ' DESC' : ''}`;
      return { ...BARE, text: `SELECT TOP ${step.limit + 1} x, k FROM ${name}${by}` };
    }
    case 16:
    case 17: {
      const operator = ['EXCEPT', 'INTERSECT', 'UNION DISTINCT'][step.limit] ?? 'EXCEPT';
      const shown = (from: string): string => `(SELECT x, k FROM ${from})`;
      // One side from outside, on either hand.
      const sides = [name, step.change % 4 === 0 ? 'z2' : other.name];
      return { ...BARE, text: (step.change > 3 ? sides.toReversed() : sides).map(shown).join(` ${operator} `) };
    }
    case 18:
    case 19:
      return { ...BARE, text: windowed(step, name) };
    case 20:
    case 21:
    case 22:
      return { ...BARE, text: outerJoin(step, name, other.name) };
    case 23:
      return { ...BARE, text: `SELECT k, SUM(attempts(x)) AS x FROM ${name} GROUP BY k` };
    case 41:
    case 42:
    case 43:
      return selfJoin(step, input, step.otherwise === 0 ? other : input, routes);
    case 36:
    case 37:
    case 39: {
      const second = step.change % 3 === 0 ? 'z2' : other.name;
      const on = `a.k == b.k${step.limit === 0 ? '' : ' && a.x <= b.y'}`;
      const using = `USING Pairer(n = x, m = y) ${onGroups(step, 'total')}`;
      const combine = `COMBINE ${name} AS a WITH (SELECT x AS y, k FROM ${second}) AS b ON ${on} ${using}`;
      const shown = ['x', 'total ?? 8', 'y'][step.otherwise % 3] ?? 'x';
      return { ...BARE, text: `SELECT ${shown} AS x, k FROM (${combine})` };
    }
    case 24:
      return { ...BARE, text: `REDUCE ${name} ON k USING Adder(n = x, m = attempts(x)) PRODUCE total AS x` };
    case 25:
      return { ...BARE, text: `SELECT 12 % (x - ${step.change}) + ${step.limit} AS x, k FROM ${name}` };
    case 26:
      return { ...BARE, text: `SELECT k, ${failingSum(step.limit)} AS x FROM ${name} GROUP BY k` };
    case 27:
      return {
        ...BARE,
        text: `SELECT SUM(x) AS x, MAX(k) ?? "a" AS k FROM ${name} GROUP BY 12 % (x - ${step.change})`,
      };
    case 28: {
      const on = step.limit === 0 ? '12 % (a.x - 6) == b.x' : `a.k == b.k && 12 % (a.x - ${step.change}) <= b.x`;
      const type = ['', 'LEFT ', 'FULL '][step.otherwise % 3] ?? '';
      const columns = 'a.x ?? b.x ?? 0 AS x, a.k ?? b.k ?? "n" AS k';
      return { ...BARE, text: `SELECT ${columns} FROM ${name} AS a ${type}JOIN ${other.name} AS b ON ${on}` };
    }
    case 29:
      return { ...BARE, text: `SELECT x, k FROM ${name} ORDER BY 12 % (x - ${step.change}), k DESC` };
    case 40:
      return {
        ...BARE,
        text: `SELECT SUM(x * 2000000000000000) OVER (${step.other % 2 === 0 ? 'PARTITION BY k ' : ''}${step.limit === 0 ? '' : 'ORDER BY x'}) % ${5 + step.limit} AS x, k FROM ${name}`,
      };
    case 30:
      return {
        ...BARE,
        text: `SELECT COUNT(12 % (x - 5)) OVER (PARTITION BY 12 % (x - ${step.change})) AS x, k FROM ${name}`,
      };
    case 13: {
      const type = ['LEFT', 'LEFT', 'SEMI', 'ANTI'][step.change % 4] ?? 'LEFT';
      const x = type === 'LEFT' && step.limit > 0 ? 'b.y ?? a.x' : 'a.x';
      const on = step.limit === 1 ? 'a.k == b.k && a.x <= b.y' : 'a.k == b.k';
      return { ...BARE, text: `SELECT ${x} AS x, a.k AS k FROM ${name} AS a ${type} JOIN z AS b ON ${on}` };
    }
    case 12: {
      const direction = step.limit === 0 ? ' DESC' : '';
      return { ...BARE, text: `SELECT x, k FROM ${name} ORDER BY ${step.other % 2 === 0 ? 'x' : 'k'}${direction}` };
    }
    case 11:
      return labelled
        ? {
            ...input,
            text: `PROCESS ${name} USING Judge(label = label) PRODUCE verdict AS v${routes.length}_${step.limit}`,
          }
        : { ...input, text: `${name} WHERE k != "z"` };
    default:
      return { ...input, text: `${name} ${handler(step, input, routes)}` };
  }
}

/** Both sides come from one origin; the repair names one of them, or a column that came by one. */
function selfJoin(step: StepSpec, input: Known, other: Known, routes: string[]): Made {
  const { limit, change } = step;
  const [a, b] = step.kind === 43 ? ['c', 'd'] : ['a', 'b'];
  const on = [`${a}.k == ${b}.k`, `${a}.k == ${b}.k && ${a}.x < ${b}.x`, `${a}.x + 1 == ${b}.x`][limit] ?? '';
  const type = change % 3 === 0 ? 'LEFT ' : '';
  const items = [`${a}.x AS x`, `${b}.x ?? 9 AS x`][change % 2] ?? '';
  const select = `SELECT ${items}, ${a}.k AS k FROM ${input.name} AS ${a} ${type}JOIN ${other.name} AS ${b} ON ${on}`;
  const sides = [a, b];
  if (step.action === 6) return { ...BARE, sides, text: select };
  return { ...BARE, sides, text: `${select} ${handler(step, { ...BARE, sides }, routes)}` };
}

function windowed({ limit, change, other }: StepSpec, name: string): string {
  const parts = other % 3 === 0 ? '' : 'PARTITION BY k ';
  const order = `ORDER BY x${change % 2 === 0 ? ' DESC' : ''}`;
  switch (change % 5) {
    case 0:
      return `SELECT ROW_NUMBER() OVER (${parts}${order}) AS x, k FROM ${name}`;
    case 1:
      return `SELECT SUM(x) OVER (${parts}) AS x, k FROM ${name}`;
    case 2:
      return `SELECT x, k FROM (SELECT x, k, RANK() OVER (${parts}${order}) AS place FROM ${name}) WHERE place <= ${limit + 1}`;
    case 3:
      return `SELECT x, k FROM (SELECT x, k, COUNT(*) OVER (${parts}) AS n, MAX(attempts(x)) OVER () AS m FROM ${name}) WHERE n > ${limit} && m < 2`;
    default:
      return `SELECT LAG(x, 1, 0) OVER (${parts}${order}) AS x, k FROM ${name}`;
  }
}

function outerJoin({ limit, change, other, condition: at }: StepSpec, name: string, second: string): string {
  const type = ['LEFT', 'RIGHT', 'FULL', 'SEMI', 'ANTI'][change % 5] ?? 'LEFT';
  const [left, right] = at % 4 === 0 ? [name, 'z2'] : at % 4 === 1 ? ['z2', name] : [name, second];
  const on = `a.k == b.k${limit === 0 ? '' : limit === 1 ? ' && a.x <= b.x' : ' && attempts(a.x) == attempts(b.x)'}`;
  const join = `FROM ${left} AS a ${type} JOIN ${right} AS b ON ${on}`;
  if (type === 'SEMI' || type === 'ANTI') return `SELECT a.x AS x, a.k AS k ${join}`;
  if (type === 'FULL' || other % 3 === 0) {
    return `SELECT a.x ?? b.x ?? 0 AS x, a.k ?? b.k ?? "n" AS k ${join}`;
  }
  const [kept, maybe] = type === 'LEFT' ? ['a', 'b'] : ['b', 'a'];
  return `SELECT ${kept}.x AS x, ${other % 3 === 1 ? `${maybe}.k ?? "n"` : `${kept}.k`} AS k ${join}`;
}

/** Sums that fail on a member, or on all of them together. */
function failingSum(which: number): string {
  return which === 0 ? 'SUM(12 % (x - 6))' : `SUM(x * 2000000000000000) % ${7 + which}`;
}

function failing(step: StepSpec, labelled: boolean, routes: string[]): string {
  const last = otherwise(step, routes);
  return `${action(step, { labelled, sides: [] })} LIMIT ${step.limit + 1} ELSE ${last === 'KEEP' ? 'DROP' : last}`;
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
  '12 % (x - 4) < 3',
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
  'x = 12 % (x - 3)',
];

function handler(step: StepSpec, input: Omit<Known, 'name'>, routes: string[]): string {
  return `WHEN ${condition(step.condition)} ${action(step, input)} LIMIT ${step.limit + 1} ELSE ${otherwise(step, routes)}`;
}

function action(step: StepSpec, { labelled, sides }: Pick<Known, 'labelled' | 'sides'>): string {
  const side = sides[step.other % (sides.length + 1)];
  const on = side === undefined ? '' : `${side}.`;
  const change = `${on}${CHANGES[step.change] ?? 'x = 1'}`;
  switch (step.action) {
    case 0:
    case 1:
      return `EDIT ${change}`;
    case 2:
    case 3:
      return `APPEND ${change}`;
    case 4:
      return `DELETE ${on}x`;
    case 5:
      return labelled ? 'RETRY label' : `DELETE ${on}k`;
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

/** Notes its inputs, none for 5. */
const fixer: TestOperator = ([n, text]) => (n === 5 ? [] : [[`${String(text)}${String(n)}`]]);

function fixes(n: Value | undefined, text: Value | undefined): readonly TestRepair[] {
  if (n === 4) {
    return [
      { kind: 'append', changes: [['n', 6]] },
      { kind: 'append', changes: [['text', 'd']] },
    ];
  }
  if (text === 'd') return [{ kind: 'edit', changes: [['text', 'a']] }];
  if (n === 8) return [{ kind: 'delete', changes: [['n', null]] }];
  if (typeof n === 'number' && n < 2) return [{ kind: 'edit', changes: [['n', n + 2]] }];
  return [];
}

/** What a step on groups makes of its answers and of the groups on which it fails; most of the time it has something to repair. */
function onGroups({ action, change, limit, otherwise: last }: StepSpec, called: string): string {
  const produce = called === 'total' ? 'total' : `total AS ${called}`;
  if (action === 6) return `PRODUCE ${produce}`;
  const keeps = last === 3 && called === 'total';
  const end = keeps ? 'KEEP' : last === 1 ? 'ABORT' : 'DROP';
  const column = called === 'x' ? 'x' : change % 2 === 0 ? 'b.y' : 'a.x';
  const repairs = [
    `EDIT ${column} = ${change % 4 === 0 ? 'attempts(k) + 1' : change} LIMIT ${limit + 1} ELSE `,
    `APPEND ${column} = ${change + limit} LIMIT ${limit + 1} ELSE `,
    `DELETE ${column} LIMIT ${limit + 1} ELSE `,
  ];
  const repair = called === 'total' ? (repairs[action] ?? '').replace('attempts(k)', '4') : (repairs[action] ?? '');
  return `PRODUCE ${produce}${keeps ? ': long?' : ''} ON ERROR ${repair}${end}`;
}

/** Takes the first of more than two away, lifts what is below 1, and adds the rest up. */
const trimmer: TestReducer = (members) => {
  const numbers = members.map(([n]) => Number(n));
  const total = numbers.reduce((sum, n) => sum + n, 0);
  const low = numbers.findIndex((n) => n < 1);
  if (total === 5) return { rows: [], repairs: [], failure: 'PR3001: Trimmer threw: five' };
  return {
    rows: total === 6 ? [] : total > 9 ? [[total], [1]] : [[total]],
    repairs: [
      ...(numbers.length > 2 ? [{ member: 0, kind: 'delete' as const, changes: [['n', null] as const] }] : []),
      ...(low < 0 ? [] : [{ member: low, kind: 'edit' as const, changes: [['n', (numbers[low] ?? 0) + 3] as const] }]),
    ],
  };
};

/** Copies the first of a group that is alone or small, and adds up what it sees of the rows and their histories. */
const adder: TestReducer = (members) => {
  const total = members.reduce((sum, [n, m]) => sum + Number(n) + Number(m), 0);
  const [first] = members;
  const few = first !== undefined && (members.length === 1 || (total < 4 && members.length < 6));
  return {
    rows: [[total]],
    repairs: few ? [{ member: 0, kind: 'append', changes: [['n', Number(first[0]) + 1]] }] : [],
  };
};

/** Adds both sides up; repairs rows of either side. */
const pairer: TestCombiner = (left, right) => {
  const ns = left.map(([n]) => Number(n));
  const ms = right.map(([, m]) => Number(m));
  const total = [...ns, ...ms].reduce((sum, n) => sum + n, 0);
  const low = ms.findIndex((m) => m < 1);
  const last = left.length - 1;
  if (total === 9) return { rows: [], repairs: [], failure: 'PR3001: Pairer threw: nine' };
  const all = (at: number, value: number): { values: readonly Value[]; left: number; right: number } => ({
    values: [value],
    left: at,
    right: 0,
  });
  return {
    rows: total === 7 ? [] : total > 12 ? [all(last, total), all(0, 1)] : [all(last, total)],
    repairs: [
      ...(low < 0
        ? []
        : [{ side: 1 as const, member: low, kind: 'edit' as const, changes: [['m', (ms[low] ?? 0) + 3] as const] }]),
      ...(left.length > 2
        ? [{ side: 0 as const, member: 0, kind: 'delete' as const, changes: [['n', null] as const] }]
        : []),
      ...(left.length === 1 && total < 6
        ? [{ side: 0 as const, member: 0, kind: 'append' as const, changes: [['n', (ns[0] ?? 0) + 2] as const] }]
        : []),
    ],
  };
};

export const combiners: ReadonlyMap<string, TestCombiner> = new Map([['Pairer', pairer]]);

export const reducers: ReadonlyMap<string, TestReducer> = new Map([
  ['Trimmer', trimmer],
  ['Adder', adder],
]);

/** The operators of the programs by name; `labels` is what the classifier is called. */
export function operatorsOf(labels: string): ReadonlyMap<string, TestOperator> {
  return new Map([
    [labels, classifier],
    ['Fixer', fixer],
    ['Judge', ([label]) => [[label === 'even']]],
  ]);
}

export function effectsOf(labels: string): ReadonlyMap<string, TestEffects> {
  return new Map<string, TestEffects>([
    [labels, { failure: ([text]) => (String(text).endsWith('!') ? `PR3001: ${labels} threw: loud` : null) }],
    [
      'Fixer',
      {
        failure: ([n]) => (n === 7 ? 'PR3001: Fixer threw: seven' : null),
        repairs: ([n, text]) => fixes(n, text),
      },
    ],
    ['Judge', { repairs: ([label]) => (label === 'odd' ? [{ kind: 'fail', changes: [['label', null]] }] : []) }],
  ]);
}

/** The same operators as a user writes them. */
export const OPERATORS = `import { Combiner, Processor, Reducer } from 'pyscope';
export class Pairer extends Combiner {
  static inputs = { n: 'long', m: 'long' };
  static outputs = { total: 'long' };
  static edits = ['m'];
  static appends = ['n'];
  static deletes = ['n'];
  *call(left, right) {
    const [ls, rs] = [[...left.rows()], [...right.rows()]];
    const total = ls.reduce((sum, row) => sum + row.get('n'), 0) + rs.reduce((sum, row) => sum + row.get('m'), 0);
    if (total === 9) throw new Error('nine');
    if (total !== 7) yield left.with({ total }, ls.at(-1));
    if (total > 12) yield left.with({ total: 1 });
    const low = rs.find((row) => row.get('m') < 1);
    if (low !== undefined) yield low.edit({ m: low.get('m') + 3 });
    if (ls.length > 2) yield ls[0].delete(['n']);
    if (ls.length === 1 && total < 6) yield ls[0].append({ n: ls[0].get('n') + 2 });
  }
}
export class Trimmer extends Reducer {
  static inputs = { n: 'long' };
  static outputs = { total: 'long' };
  static edits = ['n'];
  static deletes = ['n'];
  *call(group) {
    const rows = [...group.rows()];
    const total = rows.reduce((sum, row) => sum + row.get('n'), 0);
    const low = rows.find((row) => row.get('n') < 1);
    if (total === 5) throw new Error('five');
    if (total !== 6) yield group.with({ total });
    if (total > 9) yield group.with({ total: 1 });
    if (rows.length > 2) yield rows[0].delete(['n']);
    if (low !== undefined) yield low.edit({ n: low.get('n') + 3 });
  }
}
export class Adder extends Reducer {
  static inputs = { n: 'long', m: 'int' };
  static outputs = { total: 'long' };
  static appends = ['n'];
  *call(group) {
    const rows = [...group.rows()];
    const total = rows.reduce((sum, row) => sum + row.get('n') + row.get('m'), 0);
    yield group.with({ total });
    if (rows.length === 1 || (total < 4 && rows.length < 6)) yield rows[0].append({ n: rows[0].get('n') + 1 });
  }
}
export class Labels extends Processor {
  static inputs = { text: 'string' };
  static outputs = { label: 'string', score: 'float' };
  *call(row) {
    const text = row.get('text');
    if (text.endsWith('!')) throw new Error('loud');
    if (text.endsWith('3')) return;
    yield row.with({ label: text.length % 2 === 0 ? 'even' : 'odd', score: 1 });
    if (text.startsWith('c')) yield row.with({ label: 'c', score: 1 });
  }
}
export class Fixer extends Processor {
  static inputs = { n: 'long', text: 'string' };
  static outputs = { note: 'string' };
  static edits = ['n', 'text'];
  static appends = ['n', 'text'];
  static deletes = ['n'];
  *call(row) {
    const n = row.get('n');
    const text = row.get('text');
    if (n === 7) throw new Error('seven');
    if (n !== 5) yield row.with({ note: text + n });
    if (n === 4) {
      yield row.append({ n: 6 });
      yield row.append({ text: 'd' });
    } else if (text === 'd') yield row.edit({ text: 'a' });
    else if (n === 8) yield row.delete(['n']);
    else if (n < 2) yield row.edit({ n: n + 2 });
  }
}
export class Judge extends Processor {
  static inputs = { label: 'string' };
  static outputs = { verdict: 'bool' };
  static fails = ['label'];
  call(row) {
    const label = row.get('label');
    return label === 'odd' ? [row.with({ verdict: false }), row.fail('label')] : row.with({ verdict: label === 'even' });
  }
}
`;
