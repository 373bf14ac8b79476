/** Where big values go: a folder and S3 pass one suite. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { withObjects } from '../../../src/runtime/state/objects/big-answers.ts';
import { folderObjects } from '../../../src/runtime/state/objects/folder.ts';
import type { ObjectStore } from '../../../src/runtime/state/objects/object-store.ts';
import { parseObjects, placeName } from '../../../src/runtime/state/objects/place.ts';
import { s3Objects } from '../../../src/runtime/state/objects/s3.ts';
import { tryObjects } from '../../../src/runtime/state/objects/try-objects.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import type { JobEnd, StateStore } from '../../../src/runtime/state/store.ts';
import { behavesAsStore, faultOf, LEASE, me, start } from './conformance.ts';
import { BUCKET, S3_KEY, S3Server, signatureOf } from './s3-server.ts';

const failed: JobEnd = { outcome: 'failed', at: 1, report: null };
const BIG = Buffer.from('a value that is too big');

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * What every object store does.
 *
 * @param harm changes, or with null removes, the bytes of a job's objects behind the store's back
 */
function behavesAsObjectStore(
  open: () => Promise<ObjectStore>,
  harm: (job: string, bytes: Uint8Array | null) => Promise<void>,
): void {
  let objects: ObjectStore;
  beforeEach(async () => {
    objects = await open();
  });

  it('gives back byte by byte what was put, twice as once', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
    await objects.put('a', digest('x'), bytes);
    await objects.put('a', digest('x'), bytes);
    expect(Buffer.from((await objects.get('a', digest('x'))) ?? []).equals(bytes)).to.equal(true);
    expect(await objects.list('a')).to.deep.equal([digest('x')]);
  });

  it('knows nothing of what was never put', async () => {
    expect(await objects.get('a', digest('x'))).to.equal(null);
    expect(await objects.list('a')).to.deep.equal([]);
    await objects.delete('a', digest('x'));
    await objects.clear('a');
  });

  it('lists and clears the objects of one job, and not those of another whose name begins the same', async () => {
    const names = ['1', '2', '3', '4', '5'].map(digest);
    for (const name of names) await objects.put('a', name, Buffer.from(name));
    await objects.put('a-b', digest('other'), Buffer.from('other'));
    expect((await objects.list('a')).toSorted()).to.deep.equal(names.toSorted());
    await objects.delete('a', names[0] ?? '');
    expect((await objects.list('a')).toSorted()).to.deep.equal(names.slice(1).toSorted());
    await objects.clear('a');
    expect(await objects.list('a')).to.deep.equal([]);
    expect(await objects.list('a-b')).to.deep.equal([digest('other')]);
  });

  it('can be tried, which leaves nothing', async () => {
    await tryObjects(objects);
    expect(await objects.list('pyscope-doctor')).to.deep.equal([]);
  });

  describe('under a job store', () => {
    let plain: StateStore;
    let store: StateStore;
    beforeEach(() => {
      plain = memoryStore({ leaseMilliseconds: LEASE });
      store = withObjects(plain, { own: objects, at: async () => expect.fail('it is here') }, 2);
    });
    behavesAsStore(async () => store);

    it('has the bytes, and the job store a reference by digest and length', async () => {
      const lease = await store.begin(start('a'));
      await store.commit(lease, [
        { key: 'big', bytes: BIG },
        { key: 'small', bytes: Buffer.from('s') },
      ]);
      expect(String(await plain.answer('a', 'big'))).to.match(/^pyscope-object:[0-9a-f]{64}:23$/);
      expect(String(await plain.answer('a', 'small'))).to.equal('s');
      expect(await objects.list('a')).to.have.length(1);
      await store.finish(lease, failed, 'keep');
      const { committed } = await store.resume('a', me);
      expect(committed.toSorted()).to.deep.equal(['big', 'small']);
      expect(Buffer.from((await store.answer('a', 'big')) ?? []).equals(BIG)).to.equal(true);
    });

    it('has nothing any more once the job is done, removed or begun anew', async () => {
      for (const end of ['done', 'removed', 'anew'] as const) {
        const lease = await store.begin(start(end));
        await store.commit(lease, [{ key: 'big', bytes: BIG }]);
        expect(await objects.list(end)).to.have.length(1);
        await store.finish(
          lease,
          end === 'done' ? { ...failed, outcome: 'done' } : failed,
          end === 'done' ? 'drop' : 'keep',
        );
        if (end === 'removed') await store.remove(end);
        if (end === 'anew') await store.begin(start(end));
        expect(await objects.list(end), end).to.deep.equal([]);
      }
    });

    it('has one value for an answer that took the place of another', async () => {
      const lease = await store.begin(start('a'));
      await store.commit(lease, [{ key: 'k', bytes: BIG }]);
      await store.commit(lease, [{ key: 'k', bytes: Buffer.from('another big value') }]);
      expect(await objects.list('a')).to.have.length(1);
      expect(Buffer.from((await store.answer('a', 'k')) ?? []).toString()).to.equal('another big value');
      await store.commit(lease, [{ key: 'k', bytes: Buffer.from('s') }]);
      expect(await objects.list('a')).to.deep.equal([]);
    });

    it('tells a value that is gone from one that has changed, each with its code and place', async () => {
      const lease = await store.begin(start('a'));
      await store.commit(lease, [{ key: '3.0/1/0', bytes: BIG }]);
      for (const [bytes, fault] of [
        [Buffer.from('a value that is too BIG'), 'PR6025'],
        [BIG.subarray(1), 'PR6025'],
        [null, 'PR6024'],
      ] as const) {
        await harm('a', bytes);
        expect(await faultOf(store.answer('a', '3.0/1/0'))).to.equal(fault);
        const message = await store.answer('a', '3.0/1/0').catch((thrown: unknown) => String(thrown));
        expect(message).to.include(objects.location).and.include('3.0/1/0');
      }
    });
  });
}

describe('objects in a folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-objects-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  behavesAsObjectStore(
    async () => folderObjects(folder),
    async (job, bytes) => {
      for (const name of await readdir(join(folder, job))) {
        if (bytes === null) await rm(join(folder, job, name));
        else await writeFile(join(folder, job, name), bytes);
      }
    },
  );

  it('do not count what a process that died left half written, and clear it', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', `${digest('x')}.tmp`), 'ha');
    const objects = folderObjects(folder);
    expect(await objects.list('a')).to.deep.equal([]);
    await objects.clear('a');
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('say where they cannot be written, and what to do', async function () {
    if (process.getuid?.() === 0) await writeFile(join(folder, 'a'), 'a file where a folder should be');
    else await chmod(folder, 0o500);
    const refusal = await folderObjects(folder)
      .put('a', digest('x'), BIG)
      .catch((thrown: unknown) => thrown);
    expect(refusal).to.be.instanceOf(StateError).and.to.include({ fault: 'PR6023' });
    expect(String(refusal)).to.include(folder);
    await chmod(folder, 0o700);
  });
});

describe('objects in a bucket', () => {
  let server: S3Server;
  before(async () => {
    server = new S3Server();
    await server.begin();
  });
  beforeEach(() => {
    server.objects.clear();
    server.requests.length = 0;
    server.faults = { times: 0, status: 0, code: '' };
  });
  after(() => server.stop());

  const open = async (
    env: Readonly<Record<string, string>> = {},
    place = `s3://${BUCKET}/jobs/of-me`,
  ): Promise<ObjectStore> => {
    const address = parseObjects(place) ?? expect.fail('it is a bucket');
    return s3Objects(address, { ...server.environment, ...env }, { milliseconds: 1500 });
  };
  const refusalOf = async (objects: Promise<ObjectStore>): Promise<string> => {
    try {
      await (await objects).list('a');
    } catch (thrown) {
      if (thrown instanceof StateError) return `${thrown.fault}: ${thrown.message}; ${thrown.help ?? ''}`;
      throw thrown;
    }
    return 'no error';
  };

  behavesAsObjectStore(
    () => open(),
    async (_, bytes) => {
      for (const name of server.objects.keys()) {
        if (bytes === null) server.objects.delete(name);
        else server.objects.set(name, bytes);
      }
    },
  );

  it('are addressed by path, under the prefix, the job and the digest', async () => {
    await (await open()).put('a', digest('x'), BIG);
    await (await open({}, `s3://${BUCKET}`)).put('a', digest('x'), BIG);
    expect([...server.objects.keys()]).to.deep.equal([`jobs/of-me/a/${digest('x')}`, `a/${digest('x')}`]);
    expect(server.requests[0]).to.equal(`PUT /${BUCKET}/jobs/of-me/a/${digest('x')}`);
  });

  it('are asked for again while the server fails, and written once', async () => {
    const objects = await open();
    server.faults = { times: 2, status: 503, code: 'SlowDown' };
    await objects.put('a', digest('x'), BIG);
    expect(server.requests).to.have.length(3);
    expect(await objects.list('a')).to.deep.equal([digest('x')]);
  });

  it('say who does not answer, after their patience', async () => {
    const objects = await open();
    expect(await objects.list('a')).to.deep.equal([]);
    server.faults = { times: 1000, status: 503, code: 'SlowDown' };
    const thrown = await objects.list('a').catch((reason: unknown) => reason);
    expect(String(thrown)).to.match(
      /the object store s3:\/\/values\/jobs\/of-me at http:\S+ did not answer for 2 s: it answers 503 SlowDown/,
    );
  });

  it('refuse a wrong key, a key that is not known and none, and never show one', async () => {
    const wrong = await refusalOf(open({ AWS_SECRET_ACCESS_KEY: 'wr0ng' }));
    expect(wrong).to.match(
      /^PR6026: the object store s3:\/\/\S+ at http:\S+ refused the key: 403 SignatureDoesNotMatch/,
    );
    const unknown = await refusalOf(open({ AWS_ACCESS_KEY_ID: 'NOBODY' }));
    expect(unknown).to.match(/^PR6026: .*403 InvalidAccessKeyId/);
    const none = await refusalOf(open({ AWS_SECRET_ACCESS_KEY: '' }));
    expect(none).to.match(/^PR6026: there is no key for s3:\/\/values.*set AWS_ACCESS_KEY_ID/);
    for (const said of [wrong, unknown, none]) expect(said).to.not.include(S3_KEY.secret).and.not.include('wr0ng');
  });

  it('send the token of a session along, signed', async () => {
    expect(await refusalOf(open({ AWS_SESSION_TOKEN: 't0ken' }))).to.equal('no error');
  });

  it('say that there is no such bucket, that it is in another region, and what else a server says', async () => {
    expect(await refusalOf(open({}, 's3://no-such-bucket'))).to.match(
      /^PR6027: .*there is no bucket no-such-bucket; make it/,
    );
    server.faults = { times: 1, status: 301, code: 'PermanentRedirect' };
    expect(await refusalOf(open())).to.match(/^PR6023: .*is in another region: 301 .*; set AWS_REGION/);
    server.faults = { times: 1, status: 400, code: 'Odd' };
    expect(await refusalOf(open())).to.match(/^PR6023: .* failed: 400 Odd of Odd/);
  });
});

describe('the place of big values', () => {
  it('is a folder, or a bucket with a prefix; all else is refused, and no key is repeated', () => {
    expect(parseObjects('some/folder')).to.equal(null);
    expect(parseObjects('s3://my-bucket')).to.deep.equal({ bucket: 'my-bucket', prefix: '' });
    expect(parseObjects('S3://my.bucket/a/b_c-1/')).to.deep.equal({ bucket: 'my.bucket', prefix: 'a/b_c-1' });
    expect(placeName('s3://my-bucket/a/')).to.equal('s3://my-bucket/a');
    for (const text of [
      'http://h',
      's3://',
      's3://B',
      's3://key:s3cret@bucket/x',
      's3://bucket/a b',
      's3://bucket/../x',
    ]) {
      expect(() => parseObjects(text), text)
        .to.throw(StateError)
        .that.satisfies((thrown: StateError) => thrown.fault === 'PR6028' && !thrown.message.includes('s3cret'));
    }
  });
});

describe('the server of these tests', () => {
  it('signs as the example of AWS does', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const headers = new Map([
      ['host', 'examplebucket.s3.amazonaws.com'],
      ['range', 'bytes=0-9'],
      ['x-amz-content-sha256', empty],
      ['x-amz-date', '20130524T000000Z'],
      [
        'authorization',
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=',
      ],
    ]);
    const request = { method: 'GET', url: '/test.txt', headers };
    expect(signatureOf(request, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).to.equal(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});
