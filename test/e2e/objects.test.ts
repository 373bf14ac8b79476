/** Big answers in a bucket or a folder, for jobs that are recorded in Redis: bin/pyscope as a process, an S3 of the test's own. */
import { cp, mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { findRedis } from '../runtime/state/redis-server.ts';
import type { TestRedis } from '../runtime/state/redis-server.ts';
import { BUCKET, S3_KEY, S3Server } from '../runtime/state/s3-server.ts';
import { folderWith, pyscope } from './pyscope.ts';
import type { Ended } from './pyscope.ts';

/** Answers of 30 kB: those for a batch of 100 rows are more than what a job store keeps itself. The second batch waits to be interrupted, the third is never asked. */
const OPERATORS = `
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Processor } from 'pyscope';
export class Tell extends Processor.declare({ inputs: { text: 'string' }, outputs: { told: 'string' } }) {
  override async callBatch(batch) {
    const texts = [...batch.get('text')];
    appendFileSync('calls.log', texts.map((text) => text + '\\n').join(''));
    if (process.env.TELL !== undefined && texts[0] === 'line 100') { process.stderr.write('asked\\n'); await pause(200); }
    return batch.with({ told: texts.map((text) => (text + ' ').repeat(4000)) });
  }
}
`;
const FILES = {
  'operators.ts': OPERATORS,
  'job.scope': `IMPORT { Tell } FROM "./operators.ts";
lines = EXTRACT line: string FROM "in.txt";
told = PROCESS lines USING Tell(text = line) HINT(commit = true);
OUTPUT told TO "out.csv";
`,
  'in.txt': Array.from({ length: 300 }, (_, at) => `line ${at}\n`).join(''),
};

describe('big answers of a job that is recorded in Redis', function () {
  this.timeout(30_000);
  const prefix = `pyscope-objects-${process.pid}`;
  let [redis, s3]: [TestRedis | null, S3Server] = [null, new S3Server()];
  let [folder, state, expected] = ['', '', ''];
  let remove = async (): Promise<void> => {};

  before(async function () {
    redis = await findRedis();
    if (redis === null) this.skip();
    state = `${redis.url}?prefix=${prefix}`;
    await s3.begin();
    const whole = await folderWith(FILES);
    expect((await pyscope(['run', 'job.scope', '-q'], { folder: whole.folder })).err).to.equal('');
    expected = await readFile(join(whole.folder, 'out.csv'), 'utf8');
    await whole.remove();
  });
  beforeEach(async () => {
    ({ folder, remove } = await folderWith(FILES));
    // A copy of it has the same time: fractions of a second get lost.
    await utimes(join(folder, 'in.txt'), 1e9, 1e9);
  });
  afterEach(async () => {
    await remove();
    const client = new Redis(redis?.url ?? '');
    const keys = await client.keys(`{${prefix}}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
  });
  after(async () => {
    await redis?.stop();
    if (redis !== null) await s3.stop();
  });

  const call = (args: readonly string[], where = folder, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    pyscope([...args, '--state', state], { folder: where, env: { ...s3.environment, ...env } });
  /** A run that is interrupted in its second call. */
  async function interrupted(objects: readonly string[]): Promise<Ended> {
    const act = (kill: (signal: NodeJS.Signals) => void): void => kill('SIGINT');
    return pyscope(['run', 'job.scope', '-q', '--batch', '100', '--job', 'j', '--state', state, ...objects], {
      folder,
      env: { ...s3.environment, TELL: 'yes' },
      when: { err: 'asked', act },
    });
  }

  it('are in the bucket, out of Redis, and go on from another machine, that need not be told where they are', async () => {
    const objects = ['--objects', `s3://${BUCKET}/jobs`];
    const first = await interrupted(objects);
    expect(first.code, first.err).to.equal(130);
    expect(first.err).to.include(`--objects s3://${BUCKET}/jobs`).and.not.include(S3_KEY.secret);
    const bytes = [...s3.objects.values()].reduce((sum, value) => sum + value.length, 0);
    expect(bytes).to.be.greaterThan(5_000_000);
    const client = new Redis(redis?.url ?? '');
    const inRedis = await client.memory('USAGE', `{${prefix}}:v2:answers:j`);
    client.disconnect();
    expect(inRedis).to.be.greaterThan(0).and.below(5000);
    const elsewhere = await mkdtemp(join(tmpdir(), 'pyscope-elsewhere-'));
    try {
      await cp(folder, elsewhere, { recursive: true, preserveTimestamps: true });
      await rm(join(elsewhere, 'calls.log'));
      const { code, err } = await call(['run', 'job.scope', '-q', '--resume', 'j'], elsewhere);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(await readFile(join(elsewhere, 'out.csv'), 'utf8')).to.equal(expected);
      const asked = (await readFile(join(elsewhere, 'calls.log'), 'utf8')).split('\n');
      expect(asked).to.not.include('line 0').and.not.include('line 199');
      expect(s3.objects.size, 'what is left in the bucket').to.equal(0);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it('go with the job that is removed', async () => {
    const first = await interrupted(['--objects', `s3://${BUCKET}/jobs`]);
    expect(first.code, first.err).to.equal(130);
    expect(s3.objects.size).to.be.greaterThan(0);
    expect((await call(['jobs', 'rm', 'j'])).code).to.equal(0);
    expect(s3.objects.size).to.equal(0);
  });

  it('are in a folder beside the script where nothing else is said, and are missed by name where that is gone', async () => {
    await interrupted([]);
    await rm(join(folder, '.pyscope'), { recursive: true });
    const { code, err } = await call(['run', 'job.scope', '-q', '--resume', 'j']);
    expect(code).to.equal(1);
    expect(err).to.match(/PR6024: the value of the committed answer \S+ is not in \/.*\.pyscope\/objects/);
    expect(err).to.include('--objects s3://bucket');
  });

  it('are refused before the job begins where the bucket is not to be had', async () => {
    const refusal = async (env: Readonly<Record<string, string>>, objects = `s3://${BUCKET}`): Promise<string> => {
      const { code, err } = await call(['run', 'job.scope', '-q', '--objects', objects], folder, env);
      expect(code).to.equal(1);
      await readFile(join(folder, 'calls.log')).then(
        () => expect.fail('an operator was asked'),
        () => undefined,
      );
      return err;
    };
    expect(await refusal({ AWS_SECRET_ACCESS_KEY: 'wr0ng' }))
      .to.match(/PR6026/)
      .and.not.include('wr0ng');
    expect(await refusal({}, 's3://no-such-bucket')).to.match(/PR6027/);
  });

  it('are looked at by the doctor', async () => {
    const found = async (objects: string): Promise<unknown> => {
      const { out } = await pyscope(['doctor', '--json', '--objects', objects], { folder, env: s3.environment });
      const told: { readonly findings: readonly { readonly code: string; readonly verdict: string }[] } =
        JSON.parse(out);
      return told.findings.find(({ code }) => code === 'objects')?.verdict;
    };
    expect(await found(`s3://${BUCKET}`)).to.equal('fine');
    expect(await found('s3://no-such-bucket')).to.equal('wrong');
    expect(await found('some/folder')).to.equal('fine');
    expect(s3.objects.size).to.equal(0);
  });
});
