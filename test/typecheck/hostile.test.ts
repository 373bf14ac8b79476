import { expect } from 'chai';
import { escapeLines } from '../../src/diagnostics/render/escape.ts';
import { explainText } from '../../src/planner/explain/text.ts';
import { plan } from '../../src/planner/make-plan.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/printer.ts';
import { described, checkText } from '../support/check.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { SEED } from '../support/seed.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 2000 : 100_000;
const ATTACKS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'globalThis',
  'globalThis["pyscope canary"] = 1',
  '"; globalThis["pyscope canary"] = 1; "',
  "'+(globalThis['pyscope canary']=1)+'",
  '*/ globalThis["pyscope canary"] = 1 /*',
  '${globalThis["pyscope canary"] = 1}',
  '\\u0022',
  '$& $1 $<x>',
  '</script>',
  '../../etc',
  '\u2028',
  '\u202e',
  '\u001b[31m',
  '\ud800',
  'e\u0301',
  ';',
  '--',
  '//',
];
const LETTERS = [
  'a',
  'Z',
  '_',
  '$',
  ' ',
  '.',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '(',
  '\u0000',
  '\u007f',
  'é',
  '😀',
  '\ufeff',
  '𐐀',
];

function hostileText(random: Random): string {
  if (random.below(2) === 0) return random.pick(ATTACKS);
  return Array.from({ length: 1 + random.below(8) }, () => random.pick(LETTERS)).join('');
}

/** A name of the language: anything but a backtick and a line break. */
function hostileName(random: Random): string {
  return `${hostileText(random).replaceAll(/[`\r\n]/g, '')}${random.below(3) === 0 ? 'x' : ''}` || 'x';
}

function prototypes(): string {
  return JSON.stringify(
    [Object, Array, String, Number, Function, RegExp, Map, Set].map((of) => Reflect.ownKeys(of.prototype).map(String)),
  );
}

describe(`${RUNS} scripts with hostile names and texts`, () => {
  it('check, print and plan like any others, and touch nothing', () => {
    const seed = SEED;
    const random = randomFrom(seed);
    const before = prototypes();
    for (let run = 0; run < RUNS; run += 1) {
      const [rowset, column, alias, parameter] = [1, 2, 3, 4].map((at) => `${hostileName(random)}${at}`);
      const bare = random.below(2) === 0 ? random.pick(['__proto__', 'constructor', 'toString', 'valueOf']) : column;
      const value = JSON.stringify(hostileText(random));
      const text = `DECLARE @p: string = ${value};
\`${rowset}\` = EXTRACT \`${bare}\`: string, n: int FROM "a.csv";
s = SELECT \`${bare}\`, \`${bare}\` + ${value} + @p AS \`${alias}\`, n FROM \`${rowset}\` AS \`${parameter}\` WHERE \`${bare}\` != ${value};
OUTPUT s TO "o.csv" USING CsvWriter(order = [\`${bare}\`, \`${alias}\`]);
`;
      const { script, diagnostics } = checkText(text);
      const where = `seed ${seed}, run ${run}: ${JSON.stringify(text)}`;
      expect(diagnostics.filter(({ severity }) => severity === 'error').map(described), where).to.deep.equal([]);
      expect(
        script?.rowsets.at(-1)?.schema.map(({ name }) => name),
        where,
      ).to.deep.equal([bare, alias, 'n']);
      if (script === null) throw new Error(where);
      const { plan: made } = plan(script);
      if (made === null) throw new Error(where);
      const shown = explainText(made);
      expect(shown, where).to.equal(escapeLines(shown));
      const printed = print(parse({ name: 'test.scope', text }).script, text);
      expect(
        checkText(printed)
          .script?.rowsets.at(-1)
          ?.schema.map(({ name }) => name),
        where,
      ).to.deep.equal([bare, alias, 'n']);
    }
    expect(Reflect.has(globalThis, 'pyscope canary')).to.equal(false);
    expect(prototypes()).to.equal(before);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});
