/** Safety rule 8: names, texts and expressions of a script, and values of rows, can do nothing to the machine. */
import { parse } from 'acorn';
import { expect } from 'chai';
import fc from 'fast-check';
import { Code } from '../../../src/runtime/expressions/code.ts';
import { emit } from '../../../src/runtime/expressions/emit.ts';
import type { Column, TypedExpr } from '../../../src/typecheck/typed.ts';
import { INT, JSON_TYPE, nullable, STRING } from '../../../src/typecheck/types.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { CASES, KINDS } from './cases.ts';
import { evaluate, noModules, run, schemaOf, tryTyped, typedOver } from './world.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 150 : 25_000;

/** The only kinds of nodes that emitted code is made of. */
const ALLOWED: ReadonlySet<string> = new Set(
  [
    'Program ExpressionStatement Literal FunctionExpression ReturnStatement BlockStatement VariableDeclaration VariableDeclarator',
    'Identifier MemberExpression CallExpression NewExpression ArrayExpression ObjectExpression Property UnaryExpression BinaryExpression',
    'LogicalExpression ConditionalExpression AssignmentExpression UpdateExpression IfStatement WhileStatement ForStatement TryStatement CatchClause',
  ].flatMap((line) => line.split(' ')),
);

const NAMES = /^(?:[tzk]\d+|c\d+[vn]?|constants|vectors|length|failed|row|site|error|out|nulls|values)$/u;
const MEMBERS: ReadonlySet<string> = new Set(['values', 'nulls', 'fill', 'has']);

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** What a piece of emitted code holds beside what it may hold. */
function forbidden(node: Node, member = false): readonly string[] {
  const found: string[] = ALLOWED.has(node.type) ? [] : [node.type];
  if (node.type === 'Identifier') {
    const name = String(node['name']);
    if (!(member ? MEMBERS.has(name) : NAMES.test(name))) found.push(name);
  }
  if (node.type === 'MemberExpression' && node['computed'] === true && isNode(node['property'])) {
    const index = node['property'];
    const isIndex = (index.type === 'Identifier' && index['name'] === 'row') || typeof index['value'] === 'number';
    if (!isIndex) found.push('a computed member');
  }
  for (const [part, value] of Object.entries(node)) {
    const isMember = node.type === 'MemberExpression' && part === 'property' && node['computed'] === false;
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) found.push(...forbidden(child, isMember));
  }
  return found;
}

function emitted(expr: TypedExpr, schema: readonly Column[]): string {
  const code = new Code(schema);
  const { value, isNull } = emit(expr, { code, moduleFunction: noModules.moduleFunction });
  code.line(`out[row] = ${isNull} ? null : ${value};`);
  return code.text([], 'out');
}

function expectHarmless(expr: TypedExpr, schema: readonly Column[]): void {
  const code = emitted(expr, schema);
  const program: unknown = parse(`(function () { ${code} })`, { ecmaVersion: 2022 });
  if (!isNode(program)) throw new Error('no program');
  expect(forbidden(program), code).to.deep.equal([]);
}

const canary = Symbol.for('pyscope canary');
const touched = (): boolean => Reflect.has(globalThis, canary);
const ATTACKS = [
  'globalThis[Symbol.for("pyscope canary")] = 1',
  '"; globalThis[Symbol.for("pyscope canary")] = 1; "',
  '`; ${globalThis[Symbol.for("pyscope canary")] = 1}`',
  '*/ globalThis[Symbol.for("pyscope canary")] = 1 /*',
  '\u2028globalThis[Symbol.for("pyscope canary")] = 1\u2029',
  '\n}}; globalThis[Symbol.for("pyscope canary")] = 1; {{',
  "'+(globalThis[Symbol.for('pyscope canary')]=1)+'",
  '__proto__',
  'constructor',
  'toString',
  '$& $1 $` ${row}',
  '\\',
  '\\u0022',
  '</script>',
  '\0',
  '\ud800',
];
const attack = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary', maxLength: 20 }));

describe('compiled code', () => {
  let prototypes: string;
  const snapshot = (): string =>
    JSON.stringify(
      [Object, Array, String, Number, Function, RegExp].map((of) => Reflect.ownKeys(of.prototype).map(String)),
    );
  before(() => {
    prototypes = snapshot();
  });
  afterEach(() => {
    expect(touched()).to.equal(false);
    expect(snapshot()).to.equal(prototypes);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('is made of the allowed nodes and names only, for every member of the function table', () => {
    const schema = Object.entries(KINDS).map(([name, { type }]) => ({ qualifier: null, name, type, origins: [] }));
    for (const { pyscope } of CASES) expectHarmless(typedOver(pyscope, schema), schema);
  });

  it('keeps texts of the script texts', () => {
    fc.assert(
      fc.property(attack, attack, (first, second) => {
        const rows = {
          s: { type: STRING, values: [first, second] },
          q: { type: nullable(STRING), values: [second, null] },
        };
        const literal = JSON.stringify(first);
        for (const text of [
          `s == ${literal}`,
          `s + ${literal}`,
          `q ?? ${literal}`,
          `s.includes(${literal})`,
          `s IN (${literal}, "x")`,
          `s.replace(${literal}, ${literal})`,
        ]) {
          const expr = tryTyped(text, schemaOf(rows));
          if (expr === null) continue;
          expectHarmless(expr, schemaOf(rows));
          evaluate(expr, rows);
        }
        expect(run(`s == ${literal}`, rows).values).to.deep.equal([true, first === second]);
        expect(run(`${literal} + ""`, rows).values).to.deep.equal([first, first]);
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps names of columns names', () => {
    const names = attack.filter((name) => name !== '' && !/[`\\\p{Cc}\u2028\u2029\ud800-\udfff]/u.test(name));
    fc.assert(
      fc.property(names, fc.integer(), (name, value) => {
        const schema: readonly Column[] = [{ qualifier: null, name, type: INT, origins: [] }];
        const expr = tryTyped(`\`${name}\` == ${value}`, schema);
        expect(expr).to.not.equal(null);
        if (expr !== null) expectHarmless(expr, schema);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads JSON by own keys only', () => {
    const rows = {
      j: {
        type: JSON_TYPE,
        values: [JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Value, {}, [], 'text', 1],
      },
    };
    expect(run('j.__proto__', rows).values).to.deep.equal([{ polluted: 1 }, null, null, null, null]);
    expect(run('j.constructor', rows).values).to.deep.equal([2, null, null, null, null]);
    expect(run('j.__proto__.polluted', rows).values).to.deep.equal([1, null, null, null, null]);
    expect(run('j["toString"] == null', rows).values).to.deep.equal([true, true, true, true, true]);
    expect(run('j.hasOwnProperty', rows).values).to.deep.equal([null, null, null, null, null]);
    expect(run('j.length', rows).values).to.deep.equal([null, null, 0, null, null]);
    expect(run('Object.keys(j)', rows).values).to.deep.equal([['__proto__', 'constructor'], [], [], [], []]);
    expect(run('JSON.parse("{\\"__proto__\\": {\\"polluted\\": 1}}").polluted', rows).values[0]).to.equal(null);
  });

  it('reads JSON whose keys shadow what ECMAScript would call', () => {
    const rows = { j: { type: JSON_TYPE, values: [{ toString: 1, valueOf: 'x', toJSON: null, length: -1 }] } };
    expect(run('JSON.stringify(j)', rows).values).to.deep.equal([
      '{"toString":1,"valueOf":"x","toJSON":null,"length":-1}',
    ]);
    expect(run('String(j)', rows).failures.map(({ code }) => code)).to.deep.equal(['PR2010']);
    expect(run('Number(j)', rows).failures.map(({ code }) => code)).to.deep.equal(['PR2010']);
    expect(run('[j].join("")', rows).failures.map(({ code }) => code)).to.deep.equal(['PR2010']);
    expect(run('j.length', rows).values).to.deep.equal([-1]);
  });
});
