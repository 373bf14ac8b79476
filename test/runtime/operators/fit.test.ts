import { inspect } from 'node:util';
import { expect } from 'chai';
import { fitFor } from '../../../src/runtime/operators/fit.ts';
import { parseType } from '../../../src/runtime/operators/type-text.ts';
import { typeText } from '../../../src/typecheck/types.ts';

function fits(type: string, value: unknown): unknown {
  const parsed = parseType(type);
  if (parsed === null) throw new Error(`no type ${type}`);
  return fitFor(parsed)(value);
}

describe('a type text', () => {
  for (const [text, printed] of [
    ['string', 'string'],
    ['str', 'string'],
    ['double', 'float'],
    ['int?', 'int?'],
    ['float[]', 'float[]'],
    ['string?[]?', 'string?[]?'],
    ['long[][]', 'long[][]'],
  ] as const) {
    it(`${text} is ${printed}`, () => {
      const type = parseType(text);
      expect(type === null ? null : typeText(type)).to.equal(printed);
    });
  }

  for (const text of ['', 'strin', 'int??', '[]', 'string []', 'regex', 'constructor']) {
    it(`${JSON.stringify(text)} is none`, () => {
      expect(parseType(text)).to.equal(null);
    });
  }
});

describe('a value', () => {
  for (const [type, value] of [
    ['string', ''],
    ['int', -(2 ** 31)],
    ['int', 2 ** 31 - 1],
    ['long', 2 ** 53 - 1],
    ['float', 0.1],
    ['float', Number.NaN],
    ['bool', false],
    ['datetime', 0],
    ['string?', null],
    ['int[]', [1, 2]],
    ['string?[]', ['a', null]],
    ['json', { a: [1, 'x', null, { b: true }] }],
    ['bytes', new Uint8Array([1])],
  ] as const) {
    it(`${inspect(value)} fits ${type}`, () => {
      expect(fits(type, value)).to.deep.equal(value);
    });
  }

  for (const [type, value] of [
    ['string', 1],
    ['int', 2 ** 31],
    ['int', 1.5],
    ['int', Number.NaN],
    ['int', '1'],
    ['long', 2 ** 53],
    ['float', '0.1'],
    ['bool', 1],
    ['datetime', 0.5],
    ['datetime', 8.64e15 + 1],
    ['string', null],
    ['string?', undefined],
    ['int[]', [1, 'x']],
    ['int[]', 'x'],
    ['json', { a: undefined }],
    ['json', Number.NaN],
    ['json', new Map()],
    ['bytes', [1]],
  ] as const) {
    it(`${inspect(value)} does not fit ${type}`, () => {
      expect(fits(type, value)).to.equal(undefined);
    });
  }

  it('that is a Date fits a datetime, as milliseconds', () => {
    expect(fits('datetime', new Date(5))).to.equal(5);
    expect(fits('datetime', new Date(Number.NaN))).to.equal(undefined);
  });

  it('that holds itself does not fit json', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(fits('json', circle)).to.equal(undefined);
  });
});
