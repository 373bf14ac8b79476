/** What the engine does when a part of it fails or lies. */
import { expect } from 'chai';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import type { InputFiles } from '../../../src/runtime/readers/index.ts';
import { failureOf, runScript } from './support.ts';

class Same extends Processor.declare({ inputs: { text: 'string' }, outputs: { same: 'string' } }) {
  static closed = 0;
  override call(row: Row): ReturnType<Row['with']> {
    return row.with({ same: row.get('text') });
  }
  override async postCall(): Promise<void> {
    Same.closed += 1;
  }
}

const SCRIPT = `IMPORT { Same } FROM "./operators.ts";
  lines = EXTRACT line: string FROM "in.txt" USING LineReader();
  same = PROCESS lines USING Same(text = line);
  OUTPUT same TO "out.csv";`;

const LINES = Array.from({ length: 300 }, (_, n) => `${n}\n`).join('');
const JOB = { inputs: { 'in.txt': LINES }, operators: { Same }, batchRows: 10 };

/** A disk on which the n-th read fails; it tells whether that happened. */
function failing(at: number, told: { happened: boolean }): (disk: InputFiles) => InputFiles {
  let reads = 0;
  return (disk) => ({
    ...disk,
    chunkBytes: 100,
    open: async (path) => {
      const file = await disk.open(path);
      return {
        ...file,
        read: (target, offset, length) => {
          reads += 1;
          if (reads !== at) return file.read(target, offset, length);
          told.happened = true;
          return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
        },
      };
    },
  });
}

describe('the engine', () => {
  it('ends with a clear error whichever read fails, and closes what it opened', async () => {
    for (let at = 1; ; at++) {
      const told = { happened: false };
      Same.closed = 0;
      const { result, files } = await runScript(SCRIPT, { ...JOB, disk: failing(at, told) });
      if (!told.happened) {
        expect(result.outcome).to.equal('done');
        expect(at).to.be.greaterThan(8);
        return;
      }
      expect(result.outcome, `read ${at}`).to.equal('failed');
      expect(result.error?.message).to.equal('in.txt cannot be read: the disk failed (EIO)');
      expect(files).to.deep.equal({});
      const opened = result.operators.length > 0;
      if (opened) expect(Same.closed).to.equal(1);
    }
  });

  it('finds out when an operator’s runner answers a row that it also fails', async () => {
    const said = await failureOf(SCRIPT.replace('Same(text = line)', 'Same(text = line) ON ERROR DROP'), {
      ...JOB,
      library: (library) => ({
        ...library,
        processor: (call, worker) => {
          const runner = library.processor(call, worker);
          return {
            ...runner,
            run: async (inputs, length, placeOf) => {
              const answer = await runner.run(inputs, length, placeOf);
              return { ...answer, failures: [{ row: 0, code: 'PR3001', message: 'it lies', cause: null }] };
            },
          };
        },
      }),
    });
    expect(said).to.match(/^PR9001 same\S*: the rows do not add up: 300 rows came, 300 passed, 30 ended/u);
  });

  it('takes what is thrown by mistake as a defect, and still cleans up', async () => {
    const said = await failureOf(SCRIPT, {
      ...JOB,
      library: (library) => ({
        ...library,
        processor: () => ({
          open: async () => undefined,
          run: () => Promise.reject(new TypeError('x is not a function')),
          close: async () => undefined,
        }),
      }),
    });
    expect(said).to.match(/^PR9002 unexpected: x is not a function « PROCESS lines USING Same/u);
  });

  it('reports the first failure when ending an operator fails too', async () => {
    const library = (error: Error): Parameters<typeof runScript>[1] => ({
      ...JOB,
      library: (given) => ({
        ...given,
        processor: (call, worker) => ({ ...given.processor(call, worker), close: () => Promise.reject(error) }),
      }),
    });
    expect(await failureOf(SCRIPT, library(new Error('no end')))).to.match(/^PR9002 unexpected: no end/u);
    const told = { happened: false };
    const both = await runScript(SCRIPT, { ...library(new Error('no end')), disk: failing(5, told) });
    expect(both.result.error?.code).to.equal('PR1002');
  });
});
