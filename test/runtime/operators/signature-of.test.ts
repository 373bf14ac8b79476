import { expect } from 'chai';
import { roleOf } from '../../../src/runtime/operators/brand.ts';
import { declareFunction } from '../../../src/runtime/operators/function.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import { functionSignature, operatorSignature } from '../../../src/runtime/operators/signature-of.ts';
import { FLOAT, STRING, nullable } from '../../../src/typecheck/types.ts';

class Base extends Processor {
  override call() {
    return undefined;
  }
}

describe('the signature of an operator class', () => {
  it('has what its static fields say', () => {
    class Full extends Base {
      static inputs = { text: 'string' };
      static outputs = { label: 'string?', score: 'float' };
      static options = {
        threshold: { type: 'float', default: 0.5, oneOf: [0.5, 1], doc: 'how sure' },
        must: 'string',
        may: 'string?',
        which: 'columns',
      };
      static edits = ['text'];
      static deterministic = false;
      static doc = 'A class.';
    }
    expect(operatorSignature(Full, 'processor', 'Full', '/m.ts')).to.deep.equal({
      kind: 'operator',
      role: 'processor',
      name: 'Full',
      module: '/m.ts',
      inputs: [{ name: 'text', type: STRING }],
      outputs: [
        { name: 'label', type: nullable(STRING) },
        { name: 'score', type: FLOAT },
      ],
      options: [
        { name: 'threshold', type: FLOAT, required: false, fallback: 0.5, oneOf: [0.5, 1], doc: 'how sure' },
        { name: 'must', type: STRING, required: true, fallback: undefined, oneOf: null, doc: '' },
        { name: 'may', type: nullable(STRING), required: false, fallback: undefined, oneOf: null, doc: '' },
        { name: 'which', type: { kind: 'columns' }, required: true, fallback: undefined, oneOf: null, doc: '' },
      ],
      edits: ['text'],
      appends: [],
      deletes: [],
      fails: [],
      deterministic: false,
      costly: false,
      doc: 'A class.',
    });
  });

  it('is inherited, and replaced field by field', () => {
    class Parent extends Base {
      static inputs = { text: 'string' };
      static outputs = { a: 'string' };
    }
    class Child extends Parent {
      static override outputs = { a: 'string', b: 'int' };
    }
    const { inputs, outputs } = operatorSignature(Child, 'processor', 'Child', null);
    expect(inputs).to.have.length(1);
    expect(outputs).to.have.length(2);
  });

  it('tells operators by their brand, so that another copy of the package counts', () => {
    const Stranger = Object.assign(function Stranger() {}, { [Symbol.for('pyscope.operator')]: 'processor' });
    expect([roleOf(Stranger), roleOf(Date), roleOf({}), roleOf(null)]).to.deep.equal(['processor', null, null, null]);
  });

  for (const [what, fields, message] of [
    ['an unknown type', { inputs: { text: 'strin' } }, 'inputs \'text\' has the type "strin"; types are string, int,'],
    ['inputs that are a list', { inputs: ['text'] }, 'static inputs is no object of names and types'],
    [
      'a default that does not fit',
      { options: { n: { type: 'int', default: 'x' } } },
      'the default of option \'n\': "x" does not fit int',
    ],
    ['an edit of what is no input', { edits: ['line'] }, 'static edits has "line", which is none of its inputs'],
    ['a name twice', { inputs: { a: 'int' }, options: { a: 'int?' } }, "'a' is both an input and an option"],
    ['a flag that is none', { deterministic: 'yes' }, 'static deterministic is "yes", not true or false'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const operator = Object.assign(class extends Base {}, fields);
      expect(() => operatorSignature(operator, 'processor', 'X', null)).to.throw(message);
    });
  }

  it('is refused without a body, and with two', () => {
    class None extends Processor {}
    class Both extends Base {
      override callBatch(): never {
        throw new Error('not called');
      }
    }
    expect(() => operatorSignature(None, 'processor', 'None', null)).to.throw('it has no method call() or callBatch()');
    expect(() => operatorSignature(Both, 'processor', 'Both', null)).to.throw(
      'it has both call() and callBatch(); keep one',
    );
  });
});

describe('a declared function', () => {
  it('has a signature and can still be called', () => {
    const repeat = declareFunction(
      [
        ['text', 'string'],
        ['times', 'int'],
      ],
      'string?',
      (text, times) => (times > 0 ? text.repeat(times) : null),
      'Says it again.',
    );
    expect(repeat('ab', 2)).to.equal('abab');
    expect(functionSignature(repeat, 'repeat', '/m.ts')).to.deep.equal({
      kind: 'function',
      name: 'repeat',
      module: '/m.ts',
      parameters: [
        { name: 'text', type: STRING },
        { name: 'times', type: { kind: 'int' } },
      ],
      result: nullable(STRING),
      doc: 'Says it again.',
    });
  });

  it('is not any other function', () => {
    expect(functionSignature((text: string) => text, 'f', '/m.ts')).to.equal(null);
  });
});
