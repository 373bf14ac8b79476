/** That the types of operators say what they should is checked by the compiler: each `@ts-expect-error` is an error if the line below it is none. */
import { expect } from 'chai';
import { declareFunction } from '../../../src/runtime/operators/function.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row, RowBatch } from '../../../src/runtime/operators/row.ts';
import { run } from './support.ts';

class Declared extends Processor.declare({
  inputs: { text: 'string', size: 'int?' },
  outputs: { loud: 'string' },
  options: { mark: { type: 'string', default: '!' }, limit: 'int?' },
}) {
  override *call(row: Row<typeof Declared>) {
    const text: string = row.get('text');
    const size: number | null = row.get('size');
    const mark: string = this.options.mark;
    const limit: number | null = this.options.limit;
    yield row.with({ loud: `${text}${mark}${size ?? limit ?? ''}` });
  }

  wrong(row: Row<typeof Declared>): void {
    // @ts-expect-error there is no such input
    row.get('txt');
    // @ts-expect-error loud is a string
    row.with({ loud: 1 });
    // @ts-expect-error loud is missing
    row.with({});
    // @ts-expect-error there is no such option
    this.options.marks.toString();
    // @ts-expect-error text is a string
    row.edit({ text: 1 });
  }
}

class Static extends Processor {
  static inputs = { text: 'string' } as const;
  static outputs = { loud: 'string' } as const;

  override callBatch(batch: RowBatch<typeof Static>) {
    const texts: readonly string[] = batch.get('text');
    return batch.with({ loud: texts.map((text) => text.toUpperCase()) });
  }

  wrong(batch: RowBatch<typeof Static>): void {
    // @ts-expect-error there is no such input
    batch.get('txt');
    // @ts-expect-error loud is a list of strings
    batch.with({ loud: [1] });
  }
}

class Untyped extends Processor {
  static inputs = { text: 'string' };
  static outputs = { loud: 'string' };

  override call(row: Row) {
    const text = row.get('text');
    return row.with({ loud: typeof text === 'string' ? text : '' });
  }
}

describe('a typed operator', () => {
  it('runs as it is declared', async () => {
    expect((await run(Declared, [['a'], [2]])).rows).to.deep.equal([['a!2']]);
    expect((await run(Static, [['a']])).rows).to.deep.equal([['A']]);
    expect((await run(Untyped, [['a']])).rows).to.deep.equal([['a']]);
  });

  it('refuses unknown types, bindings and functions when it is compiled', () => {
    // @ts-expect-error no type is called strin
    Processor.declare({ inputs: { text: 'strin' } });
    // @ts-expect-error an input is bound to an expression as text
    expect(() => new Declared({ text: 1 })).to.not.throw();
    // @ts-expect-error the function has to answer with a bool
    declareFunction({ text: 'string' }, 'bool', (text) => text.length);
    const isLong = declareFunction({ text: 'string' }, 'bool', (text) => text.length > 3);
    const answer: boolean = isLong('abcd');
    expect(answer).to.equal(true);
  });
});
