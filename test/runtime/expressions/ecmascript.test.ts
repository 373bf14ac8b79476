/** Every member of the function table against ECMAScript itself, on random values: the result must be the same value, or both must fail. */
import { expect } from 'chai';
import fc from 'fast-check';
import { functionTable } from '../../../src/typecheck/functions/table.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import { nonNull } from '../../../src/typecheck/types.ts';
import type { Name } from './cases.ts';
import { CASES, cells, KINDS } from './cases.ts';
import { evaluate, typedOver } from './world.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 25 : 3000;

const COLUMNS = Object.keys(KINDS);

function javascript(js: string): (...values: readonly unknown[]) => unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- the reference is ECMAScript itself, on the expressions above
  return new Function(
    ...COLUMNS,
    `"use strict"; return (${js.replaceAll(/([^=!<>])==([^=])/g, '$1===$2').replaceAll('!=', '!==')});`,
  ) as (...values: readonly unknown[]) => unknown;
}

/** undefined is null here, and whole numbers have no −0. */
function asValue(value: unknown, type: Type): unknown {
  if (Array.isArray(value))
    return value.map((element) => asValue(element, type.kind === 'array' ? type.element : type));
  if (value === undefined) return null;
  return type.kind === 'int' || type.kind === 'long' ? Number(value) + 0 : value;
}

describe('a compiled expression', () => {
  for (const { pyscope, js } of CASES) {
    it(`gives what ECMAScript gives for ${pyscope}`, () => {
      const reference = javascript(js);
      const schema = Object.entries(KINDS).map(([name, { type }]) => ({ qualifier: null, name, type, origins: [] }));
      const expr = typedOver(pyscope, schema);
      const type = nonNull(expr.type);
      fc.assert(
        fc.property(fc.array(cells, { minLength: 1, maxLength: 8 }), fc.boolean(), (table, utf8) => {
          const columns = Object.entries(KINDS).map(([name, { type }]) => [
            name,
            { type, values: table.map((row) => row[name as Name]) },
          ]);
          const { values, failures } = evaluate(expr, Object.fromEntries(columns), utf8);
          for (const [at, row] of table.entries()) {
            const failure = failures.find((candidate) => candidate.row === at);
            let wanted: unknown;
            try {
              wanted = reference(...COLUMNS.map((name) => row[name as Name]));
            } catch {
              expect(failure, 'ECMAScript throws').to.not.equal(undefined);
              continue;
            }
            expect(failure?.message, 'ECMAScript does not throw').to.equal(undefined);
            expect(values[at]).to.deep.equal(asValue(wanted, type));
          }
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('is compared for every entry of the function table, but for those that ECMAScript lacks', () => {
    const used = CASES.map(({ pyscope }) => pyscope).join('\n');
    const missing = functionTable.flatMap(({ id, spelling }) => {
      const written = 'name' in spelling ? spelling.name : spelling.operator.charAt(0);
      return used.includes(written) ? [] : [id];
    });
    const ours =
      /^(?:(?:int|long|float|bool|string|datetime|json)\.\w+|parseDate|formatDate|json\.\w+|bytes\.length|between|in|like|is-null|is-not-null|Object\.\w+|JSON\.parse|.*\.(?:divide|remainder|negate))$/;
    expect(missing.filter((id) => !ours.test(id))).to.deep.equal([]);
  });
});
