/** What is on the disk of a lineage: packing that gives back what it took, damage that is noticed, disks that fail. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from '../../../src/runtime/lineage/bytes.ts';
import { Lineage } from '../../../src/runtime/lineage/reader.ts';
import { packColumn, readColumn } from '../../../src/runtime/lineage/values.ts';
import { RunError } from '../../../src/runtime/errors.ts';
import { utf8Vector, vectorOf } from '../../../src/runtime/vectors.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { LINEAGE, runScript } from '../engine/support.ts';
import { MemoryOutputs } from '../outputs/memory.ts';
import { filesIn, lineageIn, outputNamed, rowAt } from './support.ts';

const TEXT = 's = EXTRACT a: int, b: string FROM "s.csv";\nOUTPUT s WHERE a > 1 TO "o.csv" USING CsvWriter();';
const INPUTS = { 's.csv': 'a,b\n1,x\n2,y\n3,"two\nlines"\n' };

function packed(type: Type, values: readonly Value[]): readonly Value[] {
  const out = new ByteWriter(4);
  packColumn(out, vectorOf(type, values), values.length);
  return readColumn(new ByteReader(Buffer.from(out.bytes())), values.length);
}

describe('packed columns', () => {
  const nullable = (kind: 'int' | 'float' | 'string' | 'bool' | 'json' | 'bytes'): Type => ({
    kind: 'nullable',
    base: { kind },
  });

  it('give back every value as it was', () => {
    const values: fc.Arbitrary<readonly [Type, readonly Value[]]> = fc.oneof(
      fc.array(fc.option(fc.integer())).map((list) => [nullable('int'), list] as const),
      fc.array(fc.option(fc.double())).map((list) => [nullable('float'), list] as const),
      fc
        .array(fc.option(fc.maxSafeInteger()))
        .map((list) => [{ kind: 'nullable', base: { kind: 'long' } }, list] as const),
      fc.array(fc.option(fc.string({ unit: 'binary' }))).map((list) => [nullable('string'), list] as const),
      fc.array(fc.option(fc.boolean())).map((list) => [nullable('bool'), list] as const),
      fc.array(fc.jsonValue()).map((list) => [nullable('json'), list as readonly Value[]] as const),
      fc.array(fc.uint8Array()).map((list) => [nullable('bytes'), list.map((one) => Buffer.from(one))] as const),
    );
    fc.assert(fc.property(values, ([type, list]) => void expect(packed(type, list)).to.deep.equal(list)));
  });

  it('give back what stands in an object that looks like a mark of the format', () => {
    const json: Type = { kind: 'json' };
    const values: readonly Value[] = [{ $bytes: 'x' }, { $number: '1' }, { $json: null }, [{ $json: 1 }], -0, NaN];
    expect(packed(json, values)).to.deep.equal(values);
  });

  it('take a lone surrogate, and views over a file’s bytes', () => {
    expect(packed({ kind: 'string' }, ['a\ud800', 'b'])).to.deep.equal(['a\ud800', 'b']);
    const out = new ByteWriter();
    packColumn(out, utf8Vector(['é', null, '', 'long enough to be copied whole']), 4);
    const read = readColumn(new ByteReader(Buffer.from(out.bytes())), 4);
    expect(read).to.deep.equal(['é', null, '', 'long enough to be copied whole']);
  });
});

describe('the files of a lineage', () => {
  async function recorded(): Promise<MemoryOutputs> {
    const outputs = new MemoryOutputs();
    const { result } = await runScript(TEXT, { inputs: INPUTS, outputs, lineage: true });
    expect(result.lineage?.folder).to.equal(LINEAGE);
    return outputs;
  }

  function codeOf(read: () => unknown): string {
    try {
      read();
    } catch (error) {
      if (error instanceof RunError) return error.code;
      throw error;
    }
    return 'none';
  }

  it('hold nothing but what is asked for, and a run without lineage leaves none', async () => {
    const outputs = await recorded();
    const names = [...outputs.files.keys()].filter((path) => path.startsWith(LINEAGE));
    expect(names.toSorted()).to.deep.equal(
      ['.gitignore', 'index.packed', 'manifest.json', 'rows.packed'].map((name) => `${LINEAGE}/${name}`),
    );
    const without = await runScript(TEXT, { inputs: INPUTS });
    expect(without.result.lineage).to.equal(null);
    expect([...without.outputs.files.keys()]).to.deep.equal(['/data/o.csv']);
  });

  it('are refused where a byte of them is another', async () => {
    const files = filesIn(await recorded());
    const whole = files.rows(0, 1e6);
    let noticed = 0;
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      const lineage = new Lineage({ ...files, rows: (offset, length) => bytes.subarray(offset, offset + length) });
      const code = codeOf(() => {
        for (let row = 0; row < 2; row += 1) {
          const ref = rowAt(lineage, outputNamed(lineage, 'o.csv'), row);
          for (const column of [0, 1]) lineage.value(ref, column);
          lineage
            .made(ref)
            .sides.flat()
            .forEach((one) => lineage.placeOf(one));
        }
      });
      expect(code).to.equal('PR7108');
      noticed += 1;
    }
    expect(noticed).to.equal(whole.length);
  });

  it('are refused where they are cut off, or of another version', async () => {
    const files = filesIn(await recorded());
    expect(codeOf(() => new Lineage({ ...files, index: files.index.subarray(0, -3) }))).to.equal('PR7108');
    const newer = files.manifest.replace('"version":1', '"version":2');
    expect(codeOf(() => new Lineage({ ...files, manifest: newer }))).to.equal('PR7108');
    expect(codeOf(() => new Lineage({ ...files, manifest: files.manifest.slice(0, 40) }))).to.equal('PR7108');
  });

  it('go when the job fails', async () => {
    const bad = { 's.csv': 'a,b\n1,x\nmany,y\n' };
    const { result, outputs } = await runScript(TEXT, { inputs: bad, lineage: true });
    expect(result.outcome).to.equal('failed');
    expect([...outputs.files.keys()]).to.deep.equal([]);
  });

  it('fail the job before it begins where they cannot be begun, and never later', async () => {
    const whole = await recorded();
    const wrong: string[] = [];
    whole.operations.forEach((operation, at) => {
      if (operation.includes(LINEAGE)) wrong.push(`${at + 1}`);
    });
    let warned = 0;
    for (const at of wrong) {
      const outputs = new MemoryOutputs({ at: Number(at), code: 'ENOSPC' });
      const { result, events } = await runScript(TEXT, { inputs: INPUTS, outputs, lineage: true });
      expect(outputs.failed).to.equal(true);
      if (result.outcome === 'failed') {
        expect(result.error?.code).to.equal('PR7107');
        continue;
      }
      expect(outputs.text('/data/o.csv')).to.equal('a,b\n2,y\n3,"two\nlines"\n');
      const warning = events.find(({ kind }) => kind === 'warning');
      expect(warning).to.include({ kind: 'warning', code: 'PR7107' });
      expect(result.lineage).to.equal(null);
      expect(outputs.files.has(`${LINEAGE}/manifest.json`)).to.equal(false);
      warned += 1;
    }
    expect(warned).to.be.greaterThan(3);
  });

  it('tell rows the same at any batch size', async () => {
    const places = async (batchRows: number): Promise<readonly unknown[]> => {
      const { outputs } = await runScript(TEXT, { inputs: INPUTS, batchRows, lineage: true });
      const lineage = lineageIn(outputs);
      return [0, 1].map((row) => {
        const [parent] = lineage.made(rowAt(lineage, outputNamed(lineage, 'o.csv'), row)).sides.flat();
        return parent === undefined ? null : lineage.placeOf(parent);
      });
    };
    const wanted = [
      { file: 's.csv', line: 3 },
      { file: 's.csv', line: 4 },
    ];
    for (const batchRows of [1, 2, 4096]) expect(await places(batchRows)).to.deep.equal(wanted);
  });
});
