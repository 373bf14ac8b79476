/** Lineages of random reactive programs against the naive reference, which keeps every row's parents. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/api/compile.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import { Lineage } from '../../../src/runtime/lineage/reader.ts';
import type { TypedScript } from '../../../src/typecheck/typed.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { TooLong } from '../../oracle/nodes.ts';
import { combiners, effectsOf, operatorsOf, OPERATORS, program, reducers } from '../../oracle/programs.ts';
import { settle } from '../../oracle/settle.ts';
import type { Settled } from '../../oracle/settle.ts';
import type { Row } from '../../oracle/state.ts';
import { fates, rowAt, sourceRows, sourcesOf } from './support.ts';

/** An ABORT, the end of a ladder, and a failure of an operator or an expression that counts. */
const ENDINGS = /^PR(?:7001|3001|2\d{3})$/u;

/** Rows of a batch, and whether no rule of the optimiser is used. */
const SETTINGS = [
  [2, false],
  [256, true],
] as const;

const LONG = process.env['PYSCOPE_LONG'] !== undefined;

function reference(script: TypedScript, rows: readonly (readonly Value[])[]): Settled {
  const source = script.rowsets.find(({ label }) => label === 'r0' || label === 'r0/extract');
  return settle({
    script,
    tables: new Map([[source?.id ?? -1, rows]]),
    operators: operatorsOf('Labels'),
    effects: effectsOf('Labels'),
    reducers,
    combiners,
  });
}

/** The rows that a row of the reference goes back to, as the lineage calls them. */
function ancestorsOf(script: TypedScript, row: Row): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [row];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    waiting.push(...at.parents);
    const match = /^(\d+)\[(\d+)\]/.exec(at.origin?.base ?? '');
    if (at.parents.length > 0 || match === null) continue;
    const isFile = script.rowsets.find(({ id }) => id === at.node)?.kind === 'extract';
    found.add(isFile ? `x.csv:${Number(match[2]) + 2}` : (VALUES[Number(match[2])] ?? ''));
  }
  return found;
}

/** The rows of `z2` in the programs; `z` has the first of them. */
const VALUES = ['(3, a)', '(5, b)', '(2, b)', '(7, d)'];

describe('a recorded lineage', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-lineage-'));
    writeFileSync(join(folder, 'operators.mjs'), OPERATORS);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** null where the job aborts. */
  async function recorded(path: string, batchRows: number, noOpt: boolean): Promise<Lineage | null> {
    const compilation = await compile(path, { plan: { noOpt, lineage: true }, toRun: true });
    const { plan } = compilation;
    if (plan === null) throw new Error('no plan');
    const result = await runPlan({ ...compilation, plan }, { batchRows, job: 'job', lineage: join(folder, 'lineage') });
    if (result.error !== null && !ENDINGS.test(result.error.code)) throw result.error;
    if (result.error !== null) return null;
    const at = join(folder, 'lineage', 'job');
    const rows = readFileSync(join(at, 'rows.packed'));
    return new Lineage({
      folder: at,
      manifest: readFileSync(join(at, 'manifest.json'), 'utf8'),
      index: readFileSync(join(at, 'index.packed')),
      rows: (offset, length) => rows.subarray(offset, offset + length),
    });
  }

  /** Output rows go back to the rows that they do in the reference, and have its values. */
  function compareRows(script: TypedScript, wanted: Settled, lineage: Lineage): ReadonlySet<string> {
    const reached = new Set<string>();
    script.outputs.forEach((output, at) => {
      const facts = lineage.manifest.outputs.find(({ path }) => path === output.path);
      if (facts === undefined) throw new Error(`no output ${output.path}`);
      expect(facts.rows, output.pathText).to.equal(wanted.rows[at]?.length);
      wanted.rows[at]?.forEach((row, position) => {
        const ref = rowAt(lineage, facts, position);
        const sources = sourcesOf(lineage, ref);
        const where = `${output.pathText}, row ${position}`;
        expect([...sources].toSorted(), where).to.deep.equal([...ancestorsOf(script, row)].toSorted());
        for (const source of sources) reached.add(source);
        const { columns } = lineage.node(ref.node);
        const values = columns.map((_, column) => lineage.value(ref, column));
        expect(values, where).to.deep.equal(wanted.outputs[at]?.[position]);
      });
    });
    return reached;
  }

  /** Each source row reaches an output, or has an end; never neither, and an output only if it is among its ancestors. */
  function compareFates(lineage: Lineage, lines: number, reached: ReadonlySet<string>): void {
    for (const { node, shown } of lineage.manifest.inputs) {
      const rows = sourceRows(lineage, node, shown, lines + 1);
      expect(rows).to.have.lengthOf(lines);
      rows.forEach((ref, at) => {
        const found = fates(lineage, ref);
        const where = `line ${at + 2}`;
        expect(found, where).to.not.have.lengthOf(0);
        const arrives = found.some(({ kind }) => kind === 'reached');
        expect(arrives, where).to.equal(reached.has(`${shown}:${at + 2}`));
      });
    }
  }

  it('leads each row back to the rows that the reference made it from, and each source row on to its outputs or ends', async () => {
    let compared = 0;
    let repaired = 0;
    await fc.assert(
      fc.asyncProperty(program, fc.boolean(), async ({ text, rows }, onlyLast) => {
        const path = join(folder, 'job.scope');
        const using = text
          .replaceAll('TextClassifier(', 'Labels(')
          .replaceAll(', model = "m"', '')
          .replaceAll('operators.ts', 'operators.mjs');
        const statements = using.split('\n');
        const outputs = statements.filter((line) => line.startsWith('OUTPUT'));
        const kept = onlyLast ? statements.filter((line) => !outputs.slice(0, -1).includes(line)) : statements;
        writeFileSync(path, `IMPORT { Labels } FROM "./operators.mjs";\n${kept.join('\n')}\n`);
        const lines = ['x,k', ...rows.map(([x, k]) => `${String(x)},${String(k)}`), ''];
        writeFileSync(join(folder, 'x.csv'), lines.join('\n'));
        const { script } = await compile(path, { toRun: true });
        fc.pre(script !== null);
        if (script === null) return;
        let wanted: Settled;
        try {
          wanted = reference(script, rows);
        } catch (error) {
          fc.pre(!(error instanceof TooLong));
          throw error;
        }
        // What no output needs is not computed, and so does not end the job; the reference computes all.
        fc.pre(!onlyLast || wanted.abortedBy === null);
        for (const [batchRows, noOpt] of SETTINGS) {
          const lineage = await recorded(path, batchRows, noOpt);
          expect(lineage === null).to.equal(wanted.abortedBy !== null);
          if (lineage === null) continue;
          const reached = compareRows(script, wanted, lineage);
          compareFates(lineage, rows.length, reached);
          compared += 1;
          if (wanted.repairs.length > 0) repaired += 1;
        }
      }),
      LONG ? { numRuns: 2000 } : { numRuns: 60, seed: 20_261_122 },
    );
    expect(repaired).to.be.greaterThan(compared / 10);
  });
});
