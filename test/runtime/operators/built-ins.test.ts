import { expect } from 'chai';
import { modelRunner } from '../../../src/runtime/operators/builtins/model-runner.ts';
import { builtinSignatures } from '../../../src/runtime/operators/builtins/signatures.ts';
import { valuesOf } from '../../../src/runtime/operators/cursor.ts';
import type { Answer, Json, JsonObject, Model } from '../../../src/runtime/models/model.ts';
import { readers } from '../../../src/runtime/readers/index.ts';
import { writers } from '../../../src/runtime/writers/index.ts';
import { vectorOf } from '../../../src/runtime/vectors.ts';
import type { BoundOperator } from '../../../src/typecheck/typed.ts';
import type { OperatorSignature } from '../../../src/typecheck/signature.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { STRING, typeText } from '../../../src/typecheck/types.ts';
import { RunError } from '../../../src/runtime/errors.ts';
import { ModelError } from '../../../src/runtime/models/errors.ts';
import { context, rejection } from './support.ts';

function signature(name: string): OperatorSignature {
  const found = builtinSignatures().get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function bound(name: string, given: Readonly<Record<string, Value>>): BoundOperator {
  const declared = signature(name);
  const options = new Map<string, Value>();
  for (const { name: option, fallback } of declared.options) {
    const value = given[option] ?? fallback;
    if (value !== undefined) options.set(option, value);
  }
  const outputs = typeof declared.outputs === 'function' ? declared.outputs(options) : declared.outputs;
  if (outputs === null || typeof outputs === 'string') throw new Error(outputs ?? 'no outputs');
  return { signature: declared, inputs: [], options: [...options], outputs, span: { source: 0, start: 0, end: 0 } };
}

interface Ran {
  readonly asked: readonly [task: string, model: string, options: JsonObject | undefined];
  readonly rows: readonly (readonly Value[])[];
  readonly parents: readonly number[] | null;
  readonly failures: readonly string[];
}

class Refusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Runs a built-in over a model that answers text `i` with `answers[i]`. */
async function run(operator: BoundOperator, answers: readonly (Json | Refusal)[]): Promise<Ran> {
  let asked: Ran['asked'] = ['', '', undefined];
  const model: Model = {
    spec: { task: '', source: { kind: 'hub', written: '', name: '' }, options: {} },
    digest: '',
    description: { name: '', task: '', dtype: '', bytes: 0, workers: 1, threads: 1, batching: 'single' },
    counts: () => ({ asked: 0, shared: 0, cached: 0, computed: 0, batches: 0, busyMs: 0 }),
    infer: async () =>
      answers.map((answer): Answer => {
        if (answer instanceof Refusal) return { kind: 'refusal', code: 'PR4010', message: answer.message };
        return { kind: 'answer', value: answer };
      }),
  };
  const runner = modelRunner(operator, {
    ...context,
    model: async (...args) => {
      asked = [args[0], args[1], args[2]];
      return model;
    },
  });
  await runner.open();
  const answer = await runner.run([vectorOf(STRING, answers.map(String))], answers.length, () => null);
  await runner.close();
  const lists = answer.vectors.map(valuesOf);
  return {
    asked,
    rows: Array.from({ length: answer.length }, (_, row) => lists.map((list) => list[row] ?? null)),
    parents: answer.parents === null ? null : [...answer.parents],
    failures: answer.failures.map(({ row, code, message }) => `${row} ${code} ${message}`),
  };
}

describe('the built-in operators', () => {
  it('have code for every reader and writer that has a signature', () => {
    const named = (role: string): string[] =>
      [...builtinSignatures().values()].filter((one) => one.role === role).map(({ name }) => name);
    expect(named('extractor')).to.have.members([...readers.keys()]);
    expect(named('outputter')).to.have.members([...writers.keys()]);
  });

  it('have a doc line for themselves and each option', () => {
    for (const { name, doc, options } of builtinSignatures().values()) {
      expect(doc, name).to.match(/\.$/);
      for (const option of options) expect(option.doc, `${name}.${option.name}`).to.not.equal('');
    }
  });

  for (const [task, columns] of [
    ['text-classification', 'label: string, score: float'],
    ['translation', 'translation: string'],
    ['summarization', 'summary: string'],
    ['text-generation', 'generated: string'],
    ['feature-extraction', 'embedding: float[]'],
    ['token-classification', 'entities: json'],
    ['fill-mask', 'token: string, score: float, sequence: string'],
  ] as const) {
    it(`yield ${columns} for the task ${task}`, () => {
      const { outputs } = bound('Transformer', { task, model: 'm' });
      expect(outputs.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ')).to.equal(columns);
    });
  }

  it('say what a task needs', () => {
    expect(() => bound('Transformer', { task: 'zero-shot-classification', model: 'm' })).to.throw('labels = [');
    expect(() => bound('Transformer', { task: 'nonsense', model: 'm' })).to.throw('task is one of');
  });
});

describe('TextClassifier', () => {
  it('asks its model once for all texts, with the options the model knows', async () => {
    const { asked, rows, parents } = await run(bound('TextClassifier', { model: './m', dtype: 'q8', topK: 1 }), [
      { label: 'POSITIVE', score: 0.9 },
      { label: 'NEGATIVE', score: 0.8 },
    ]);
    expect(asked).to.deep.equal([
      'text-classification',
      './m',
      { topK: 1, dtype: 'q8', allowRemote: false, revision: 'main', batching: 'exact' },
    ]);
    expect(rows).to.deep.equal([
      ['POSITIVE', 0.9],
      ['NEGATIVE', 0.8],
    ]);
    expect(parents).to.equal(null);
  });

  it('yields a row for each of the topK classes', async () => {
    const two = [
      { label: 'a', score: 0.6 },
      { label: 'b', score: 0.4 },
    ];
    const { rows, parents } = await run(bound('TextClassifier', { model: './m', topK: 2 }), [two, two]);
    expect(rows.map(([label]) => label)).to.deep.equal(['a', 'b', 'a', 'b']);
    expect(parents).to.deep.equal([0, 0, 1, 1]);
  });

  it('fails the rows that the model refuses or answers in another shape', async () => {
    const { rows, failures } = await run(bound('TextClassifier', { model: './m' }), [
      new Refusal('no scores'),
      { label: 'a', score: 1 },
      'what?',
    ]);
    expect(rows).to.deep.equal([['a', 1]]);
    expect(failures).to.deep.equal([
      '0 PR4010 TextClassifier: no scores',
      '2 PR4010 TextClassifier: the model gave no usable answer',
    ]);
  });
});

describe('a model that cannot be had', () => {
  it('ends the job at the place of the operator, with what was tried', async () => {
    const failure = {
      code: 'PR4001',
      message: "model './m' is not there",
      tried: ['folder /m'],
      help: 'look',
    } as const;
    const runner = modelRunner(bound('TextClassifier', { model: './m' }), {
      ...context,
      model: () => Promise.reject(new ModelError('./m', failure)),
    });
    const error = await rejection(runner.open());
    expect(error).to.be.instanceOf(RunError);
    expect(error).to.include({
      code: 'PR4001',
      message: "TextClassifier: model './m' is not there\n  tried: folder /m",
      help: 'look',
    });
    expect(error).to.have.property('span').that.is.not.equal(null);
  });
});

describe('Transformer', () => {
  it('reads the answers of its task', async () => {
    const one = async (options: Readonly<Record<string, Value>>, answer: Json): Promise<unknown> =>
      (await run(bound('Transformer', { model: 'm', ...options }), [answer])).rows;
    expect(await one({ task: 'translation' }, [{ translation_text: 'hello' }])).to.deep.equal([['hello']]);
    expect(await one({ task: 'feature-extraction' }, [0.5, 1])).to.deep.equal([[[0.5, 1]]]);
    expect(
      await one({ task: 'zero-shot-classification', labels: ['a', 'b'] }, { labels: ['b', 'a'], scores: [0.7, 0.3] }),
    ).to.deep.equal([['b', 0.7]]);
  });

  it('hands the model only the options of its task', async () => {
    const { asked } = await run(bound('Transformer', { task: 'translation', model: 'm', targetLanguage: 'en' }), []);
    expect(asked[2]).to.deep.equal({ tgt_lang: 'en', allowRemote: false, revision: 'main', batching: 'exact' });
  });
});
