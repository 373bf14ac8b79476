import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelHostOptions } from '../../../src/runtime/models/host.ts';
import { createModelHost } from '../../../src/runtime/models/host.ts';
import type { Answer, JsonObject, ModelHost, ModelSpec } from '../../../src/runtime/models/model.ts';
import { modelSource } from '../../../src/runtime/models/source.ts';
import { SHIPPED, failureOf, shipped } from './support.ts';

/** Answers like a model, except to the texts `die`, `die once`, `hang` and `throw`. */
const MISBEHAVING = new URL('./misbehaving-worker.ts', import.meta.url);

describe('a model that cannot be had', () => {
  let host: ModelHost;
  let folder: string;
  beforeEach(async () => {
    host = createModelHost();
    folder = await mkdtemp(join(tmpdir(), 'pyscope-model-'));
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true });
  });

  /** A copy of a shipped model beside a script in `folder`, to be damaged. */
  async function copied(task = 'text-classification', options: JsonObject = {}): Promise<ModelSpec> {
    await cp(join(SHIPPED, 'sentiment-en-tiny'), join(folder, 'model'), { recursive: true });
    return { task, source: modelSource('./model', folder), options };
  }

  it('is named with the folder that was looked for', async () => {
    const source = modelSource('./nowhere', folder);
    const failure = await failureOf(host.open({ task: 'text-classification', source, options: {} }));
    expect(failure.code).to.equal('PR4001');
    expect(failure.message).to.include("'./nowhere'").and.include(join(folder, 'nowhere'));
    expect(failure.help).to.include('tokenizer.json');
  });

  it('is told by all the files that its folder lacks', async () => {
    const spec = await copied();
    await rm(join(folder, 'model/tokenizer.json'));
    await rm(join(folder, 'model/onnx'), { recursive: true });
    const failure = await failureOf(host.open(spec));
    expect(failure.code).to.equal('PR4002');
    expect(failure.message).to.include('tokenizer.json, onnx/*.onnx');
  });

  it('is told by the dtypes that are there when another is asked for', async () => {
    const failure = await failureOf(host.open(await copied('text-classification', { dtype: 'fp16' })));
    expect(failure.code).to.equal('PR4002');
    expect(failure.message).to.include('*_fp16.onnx');
    expect(failure.help).to.include('q8');
  });

  it('is told by a damaged ONNX file', async () => {
    const spec = await copied();
    await truncate(join(folder, 'model/onnx/model_quantized.onnx'), 5000);
    const failure = await failureOf(host.open(spec));
    expect(failure.code).to.equal('PR4005');
    expect(failure.message).to.include("'./model' cannot be loaded").and.include(join(folder, 'model/onnx'));
  });

  for (const file of ['config.json', 'tokenizer.json']) {
    it(`is told by a damaged ${file}`, async () => {
      const spec = await copied();
      await writeFile(join(folder, 'model', file), '{"model": ');
      const failure = await failureOf(host.open(spec));
      expect(failure.code).to.equal('PR4005');
      expect(failure.message).to.include("'./model'");
    });
  }

  it('is refused for a task that it was not made for', async () => {
    const failures = [
      await failureOf(host.open(await copied('token-classification'))),
      await failureOf(host.open(shipped('text-classification', 'translate-de-en'))),
      await failureOf(host.open(shipped('translation', 'language-id'))),
    ];
    expect(failures.map(({ code }) => code)).to.deep.equal(['PR4006', 'PR4006', 'PR4006']);
    expect(failures[0]?.message).to.include('token-classification').and.include('BertForSequenceClassification');
  });

  it('is refused for an unknown task and for options that cannot be', async () => {
    const unknown = await failureOf(host.open(shipped('translaton', 'translate-de-en')));
    expect(unknown.help).to.include('translation');
    for (const options of [{ dtype: 8 }, { batching: 'big' }, { allowRemote: 'yes' }, { revision: 1 }]) {
      const failure = await failureOf(host.open(shipped('text-classification', 'language-id', options)));
      expect(failure.code).to.equal('PR4006');
    }
    const labels = await failureOf(host.open(shipped('zero-shot-classification', 'language-id')));
    expect(labels.message).to.include('candidate_labels');
  });

  it('can be had once it is there, by the same host', async () => {
    const source = modelSource('./model', folder);
    const spec: ModelSpec = { task: 'text-classification', source, options: {} };
    expect(await failureOf(host.open(spec))).to.have.property('code', 'PR4001');
    await copied();
    expect(await (await host.open(spec)).infer(['fine'])).to.have.lengthOf(1);
  });
});

describe('a hub model', () => {
  const spec = (options: JsonObject): ModelSpec => ({
    task: 'text-classification',
    source: { kind: 'hub', written: 'someone/tiny', name: 'someone/tiny' },
    options,
  });

  /** A hub on the loopback that serves a shipped model, or nothing; runs `test` with a host that knows only it. */
  async function withHub(
    serves: boolean,
    test: (options: ModelHostOptions, asked: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/someone\/tiny\/resolve\/main\//, '');
      asked.push(path);
      readFile(join(SHIPPED, 'sentiment-en-tiny', path)).then(
        (bytes) =>
          response
            .writeHead(serves ? 200 : 404, { 'Content-Length': serves ? bytes.length : 0 })
            .end(serves ? bytes : ''),
        () => response.writeHead(404).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const cache = await mkdtemp(join(tmpdir(), 'pyscope-cache-'));
    try {
      await test({ cache, hub: `http://127.0.0.1:${port}` }, asked);
    } finally {
      server.close();
      await rm(cache, { recursive: true });
    }
  }

  it('is a name that is no folder beside the script', () => {
    expect(modelSource('someone/tiny', SHIPPED)).to.have.property('kind', 'hub');
    expect(modelSource('language-id', SHIPPED)).to.deep.include({
      kind: 'folder',
      folder: join(SHIPPED, 'language-id'),
    });
    for (const path of ['./x', '../x', '/x', 'a/b/c', 'with space']) {
      expect(modelSource(path, SHIPPED)).to.have.property('kind', 'folder');
    }
  });

  it('is refused unless script or flag allow it, and nothing is asked of the hub', async () => {
    await withHub(true, async (options, asked) => {
      const host = createModelHost(options);
      const failure = await failureOf(host.open(spec({})));
      expect(failure.code).to.equal('PR4003');
      expect(failure.help).to.include('--allow-remote').and.include('allowRemote = true');
      expect(asked).to.deep.equal([]);
      await host.close();
    });
  });

  it('is fetched once and then taken from the cache', async () => {
    await withHub(true, async (options, asked) => {
      const first = createModelHost(options);
      const model = await first.open(spec({ allowRemote: true, dtype: 'q8' }));
      const answers = await model.infer(['very good']);
      await first.close();
      const count = asked.length;
      expect(asked).to.include('onnx/model_quantized.onnx');
      const second = createModelHost({ ...options, allowRemote: true });
      const again = await second.open(spec({ dtype: 'q8' }));
      expect(await again.infer(['very good'])).to.deep.equal(answers);
      expect(asked).to.have.lengthOf(count);
      await second.close();
    });
  });

  it('that is not there is named with where it was looked for', async () => {
    await withHub(false, async (options) => {
      const host = createModelHost({ ...options, allowRemote: true });
      const failure = await failureOf(host.open(spec({})));
      expect(failure.code).to.equal('PR4004');
      expect(failure.message).to.include("'someone/tiny'").and.include(`${options.hub}/someone/tiny`);
      await host.close();
    });
  });
});

describe('a model worker', () => {
  let host: ModelHost;
  beforeEach(() => {
    host = createModelHost({ worker: MISBEHAVING, parallelism: 2 });
  });
  afterEach(() => host.close());

  const tiny = shipped('text-classification', 'sentiment-en-tiny');

  it('that dies once costs nothing: its texts are asked again', async () => {
    const model = await host.open(tiny);
    const answers = await model.infer(['a', 'die once', 'b']);
    expect(answers).to.deep.equal(['a', 'die once', 'b'].map((value) => ({ kind: 'answer', value })));
  });

  const answered = (value: string): Answer => ({ kind: 'answer', value });

  it('that dies each time over a text costs that text alone its answer', async () => {
    const model = await host.open(tiny);
    const [first, refused, last] = await model.infer(['a', 'die', 'c']);
    expect([first, last]).to.deep.equal([answered('a'), answered('c')]);
    expect(refused).to.include({ kind: 'refusal', code: 'PR4007' }).and.property('message').includes('tiny');
    expect(await model.infer(['b'])).to.deep.equal([answered('b')]);
  });

  it('that hangs is ended after the time it was given', async () => {
    const model = await host.open(tiny);
    const [first, refused] = await model.infer(['a', 'hang'], { timeoutMs: 100 });
    expect(first).to.deep.equal(answered('a'));
    expect(refused).to.include({ kind: 'refusal', code: 'PR4008' }).and.property('message').includes('100 ms');
    expect(await model.infer(['b'])).to.deep.equal([answered('b')]);
  });

  it('that fails as a whole over a text says the cause of it', async () => {
    const model = await host.open(tiny);
    const [refused, other] = await model.infer(['throw', 'b']);
    expect(refused).to.include({ kind: 'refusal', code: 'PR4011' }).and.property('message').includes('out of tokens');
    expect(other).to.deep.equal(answered('b'));
  });

  it('that gives too few answers is not believed', async () => {
    const model = await host.open(tiny);
    const answers = await model.infer(['a', 'fewer', 'b']);
    expect(answers[1]).to.include({ kind: 'refusal', code: 'PR4010' });
    expect([answers[0], answers[2]]).to.deep.equal([answered('a'), answered('b')]);
  });

  it('that fails over many texts in a row, but not over others, refuses those', async () => {
    const model = await host.open(tiny);
    const texts = Array.from({ length: 40 }, (_, at) => `throw ${at}`);
    const answers = await model.infer([...texts, 'b']);
    expect(answers.slice(0, -1).map((answer) => ('code' in answer ? answer.code : answer.kind))).to.deep.equal(
      texts.map(() => 'PR4011'),
    );
    expect(answers.at(-1)).to.deep.equal(answered('b'));
  });

  it('that hangs does not keep the host from closing', async () => {
    const model = await host.open(tiny);
    const work = failureOf(model.infer(['hang']));
    await host.close();
    expect(await work).to.have.property('code', 'PR4012');
  });

  it('lets the process end though nobody closed the host', async () => {
    const script = fileURLToPath(new URL('./unclosed.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = await once(child, 'exit');
    expect(code).to.equal(0);
    expect(output).to.equal('POSITIVE\n');
  });
});
