import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { folderCheck, freeDisk } from '../../../src/cli/doctor/folder.ts';
import { lmdbCheck, memoryCheck, terminalCheck } from '../../../src/cli/doctor/machine.ts';
import { nodeCheck } from '../../../src/cli/doctor/node.ts';
import { onnxCheck } from '../../../src/cli/doctor/onnx.ts';
import { judge, redisChecks } from '../../../src/cli/doctor/redis.ts';
import { redisFacts } from '../../../src/runtime/state/redis/facts.ts';
import { freePort, startRedis } from '../../runtime/state/redis-server.ts';

const verdicts = (findings: readonly Finding[]): Readonly<Record<string, Finding['verdict']>> =>
  Object.fromEntries(findings.map(({ code, verdict }) => [code, verdict]));

describe('the doctor', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-doctor-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('wants a Node that the package knows', () => {
    for (const good of ['v20.19.0', 'v20.20.2', 'v22.0.0', 'v26.1.0']) expect(nodeCheck(good).verdict).to.equal('fine');
    for (const old of ['v20.18.3', 'v18.20.0', 'v8.0.0']) {
      expect(nodeCheck(old)).to.include({ verdict: 'wrong', what: `Node ${old} is too old` });
    }
  });

  it('lets the ONNX runtime compute, and says what stops it', async () => {
    const good = await onnxCheck();
    expect(good.what).to.match(/^the ONNX runtime \d+\.\d+\.\d+ loads and computes$/);
    for (const [program, reason] of [
      ['throw new TypeError("no such library");', 'TypeError: no such library'],
      ['process.kill(process.pid, "SIGILL"); setInterval(() => {}, 1000);', 'it was ended by SIGILL'],
    ] as const) {
      const path = join(folder, 'probe.mjs');
      await writeFile(path, program);
      const found = await onnxCheck(pathToFileURL(path));
      expect(found).to.include({ verdict: 'wrong', what: `the ONNX runtime does not work: ${reason}` });
      expect(found.help).to.not.equal(null);
    }
  });

  it('writes and reads with the embedded store', async () => {
    expect(await lmdbCheck()).to.include({ verdict: 'fine' });
  });

  it('tries the folder for state, and leaves nothing behind', async () => {
    expect(await folderCheck(join(folder, 'a/b/.pyscope'))).to.include({ verdict: 'fine' });
    expect(await readdir(folder)).to.deep.equal([]);
    await writeFile(join(folder, 'file'), '');
    const found = await folderCheck(join(folder, 'file', '.pyscope'));
    expect(found).to.include({ code: 'folder', verdict: 'wrong' });
    expect(found.what).to.include(join(folder, 'file'));
  });

  it('weighs memory, disk and terminal', () => {
    expect(memoryCheck(3e9, 8e9)).to.include({ verdict: 'fine', what: '3 GB of 8 GB of memory free' });
    expect(memoryCheck(3e8, 5e8).verdict).to.equal('advice');
    expect([2e9, 5e8, 1e6].map((free) => freeDisk('/x', free).verdict)).to.deep.equal(['fine', 'advice', 'wrong']);
    const usual = { terminal: true, width: 80, colours: 3, locale: 'de_DE.UTF-8' };
    expect(terminalCheck(usual).verdict).to.equal('fine');
    expect(terminalCheck({ ...usual, locale: 'C' }).help).to.include('UTF-8');
    expect(terminalCheck({ ...usual, width: 40 }).verdict).to.equal('advice');
    expect(terminalCheck({ ...usual, terminal: false, locale: '' }).verdict).to.equal('fine');
  });
});

const INFO = {
  redis_version: '7.2.4',
  role: 'master',
  maxmemory_policy: 'noeviction',
  used_memory: '1000000',
  maxmemory: '0',
  total_system_memory: '8000000000',
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  rdb_last_bgsave_status: 'ok',
  loading: '0',
};

function judged(changes: Readonly<Record<string, string>>, config: readonly string[] = ['appendfsync', 'everysec']) {
  const lines = Object.entries({ ...INFO, ...changes }).map(([name, value]) => `${name}:${value}`);
  return judge(redisFacts(['# Server', ...lines, ''].join('\r\n'), config));
}

describe('the doctor, of a Redis', () => {
  it('finds a well-kept one fine, also a Valkey, and one that keeps its settings to itself', () => {
    const valkey = { server_name: 'valkey', valkey_version: '8.0.1' };
    for (const findings of [judged({}), judged(valkey), judged({}, [])]) {
      expect(new Set(Object.values(verdicts(findings)))).to.deep.equal(new Set(['fine']));
    }
    expect(judged(valkey)[0]?.what).to.equal('Valkey 8.0.1');
  });

  for (const [what, changes, config, code, verdict, help] of [
    ['is too old', { redis_version: '6.0.16' }, [], 'redis-version', 'wrong', '6.2'],
    ['may evict', { maxmemory_policy: 'allkeys-lru' }, [], 'redis-policy', 'wrong', 'CONFIG SET maxmemory-policy'],
    ['is a replica', { role: 'slave' }, [], 'redis-role', 'wrong', 'READONLY'],
    ['is loading', { loading: '1' }, [], 'redis-role', 'advice', 'wait'],
    ['is nearly full', { maxmemory: '1100000' }, [], 'redis-memory', 'advice', 'maxmemory'],
    ['is full', { maxmemory: '1000000' }, [], 'redis-memory', 'wrong', 'maxmemory'],
    ['fills the machine', { total_system_memory: '1100000' }, [], 'redis-memory', 'advice', 'jobs rm'],
    ['keeps nothing', { aof_enabled: '0' }, ['save', ''], 'redis-persistence', 'advice', 'appendonly yes'],
    ['has snapshots', { aof_enabled: '0' }, ['save', '3600 1'], 'redis-persistence', 'advice', 'appendonly yes'],
    ['does not sync', {}, ['appendfsync', 'no'], 'redis-persistence', 'advice', 'everysec'],
    ['cannot write', { rdb_last_bgsave_status: 'err' }, [], 'redis-disk', 'wrong', 'disk'],
  ] as const) {
    it(`says what to do about one that ${what}`, () => {
      const findings = judged(changes, config);
      const odd = findings.filter((one) => one.verdict !== 'fine');
      expect(odd.map((one) => [one.code, one.verdict])).to.deep.equal([[code, verdict]]);
      expect(odd[0]?.help).to.include(help);
    });
  }

  it('reads all that from a server', async function () {
    const server = await startRedis('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    if (server === null) {
      console.warn('\n    SKIPPED: no redis-server in PATH to look at\n');
      this.skip();
    }
    try {
      expect(verdicts(await redisChecks(server.url))).to.deep.equal({
        redis: 'fine',
        'redis-version': 'fine',
        'redis-role': 'fine',
        'redis-policy': 'wrong',
        'redis-memory': 'fine',
        'redis-persistence': 'advice',
        'redis-disk': 'fine',
      });
    } finally {
      await server.stop();
    }
  });

  it('says that there is none, without the password', async () => {
    const [only, ...others] = await redisChecks(`redis://me:s3cret@127.0.0.1:${await freePort()}`);
    expect(others).to.deep.equal([]);
    expect(only).to.include({ code: 'redis', verdict: 'wrong' });
    expect(only?.what).to.include('PR6002').and.include('nothing listens').and.not.include('s3cret');
    expect((await redisChecks('redis://h?tls=1'))[0]?.what).to.include('PR6001');
  });
});
