/** Reading a part of a file: through the row-wise steps behind the source, into groups or into bytes of an output. */
import type { DividedEnd } from '../../../planner/divide.ts';
import type { NodeId } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { Batch } from '../../batch.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { ByteSink, Sink } from '../../operators/runner.ts';
import type { InputFiles } from '../../readers/input-files.ts';
import { openPart } from '../../readers/parted.ts';
import { aggregate } from '../../relational/aggregate.ts';
import { writers } from '../../writers/index.ts';
import { evaluating } from '../faults.ts';
import type { Ended } from '../result.ts';
import { lineHandling } from '../sources.ts';
import type { SourceBatch } from '../sources.ts';
import type { ReadBatch } from '../../operators/runner.ts';
import type { Step } from '../step.ts';
import { rowStep } from '../steps/row-wise.ts';
import type { Part, PartAnswer, PartCounts, PartGiven, PartsJob } from './task.ts';

/** A job, compiled. */
interface Work {
  readonly job: PartsJob;
  readonly handle: (read: ReadBatch) => SourceBatch;
  readonly steps: readonly { readonly node: NodeId; readonly step: Step }[];
}

/** Does the tasks of one worker, one after the other. A failure is no error here: what it says may come of a wrong beginning. */
export function partWork(disk: InputFiles, signal: AbortSignal): (job: PartsJob, part: Part) => Promise<PartAnswer> {
  const known = new Map<number, Work>();
  return async (job, part) => {
    try {
      const work = known.get(job.id) ?? compiled(job);
      known.set(job.id, work);
      return await readPart(work, part, disk, signal);
    } catch {
      return { kind: 'left', why: 'failed' };
    }
  };
}

/** Steps that call modules are not given to workers. */
const expressions: ExpressionEnvironment = {
  moduleFunction: (module, name) => {
    throw new TypeError(`${name} of ${module} is not loaded here`);
  },
};

function compiled(job: PartsJob): Work {
  // A batch is used up before the next one is read.
  const context = { environment: expressions, routes: new Map(), inRegion: false, inPassing: 1 };
  return {
    job,
    handle: lineHandling(job.source, { expressions, routes: context.routes }),
    steps: job.steps.flatMap(({ node, input }) => {
      const step = rowStep(node, input, context);
      return step === null ? [] : [{ node: node.id, step }];
    }),
  };
}

async function readPart(work: Work, part: Part, disk: InputFiles, signal: AbortSignal): Promise<PartAnswer> {
  const { job } = work;
  const read = await openPart(job.file, part, { disk, batchRows: job.batchRows, signal });
  try {
    const ends = await Promise.all(job.ends.map((end) => endOf(end, job.schema)));
    const tally = new Tally([job.source.id, ...work.steps.map(({ node }) => node)]);
    if (read.start !== null) {
      for (let more = await read.next(); more !== null; more = await read.next()) {
        const batch = await through(work, more, tally);
        for (const end of ends) await end.take(batch);
        if (ends.reduce((sum, end) => sum + end.bytes(), 0) > job.mostBytes) return { kind: 'left', why: 'memory' };
      }
    }
    const given: PartGiven[] = [];
    for (const end of ends) given.push(await end.give());
    return { kind: 'done', start: read.start, end: read.end, lines: read.lines, counts: tally.counts(), given };
  } finally {
    await read.close();
  }
}

/** Takes what was read through the steps. */
async function through({ handle, steps }: Work, read: ReadBatch, tally: Tally): Promise<Batch> {
  const taken = handle(read);
  let { batch } = taken;
  tally.add(0, { in: taken.in, passed: batch.length, out: batch.length, ended: taken.ended, milliseconds: 0 });
  for (const [at, { step }] of steps.entries()) {
    const start = performance.now();
    const answer = await step.run(batch);
    const milliseconds = performance.now() - start;
    const { passed, ended } = answer;
    tally.add(at + 1, { in: batch.length, passed, out: answer.batch.length, ended, milliseconds });
    ({ batch } = answer);
  }
  return batch;
}

type Counts = Omit<PartCounts, 'node'>;

const NOTHING: Counts = { in: 0, passed: 0, out: 0, ended: [], milliseconds: 0 };

/** Counts of the nodes, summed up. */
class Tally {
  private readonly nodes: readonly NodeId[];
  private readonly sums: Counts[];

  constructor(nodes: readonly NodeId[]) {
    this.nodes = nodes;
    this.sums = nodes.map(() => NOTHING);
  }

  add(at: number, more: Counts): void {
    const sum = this.sums[at] ?? NOTHING;
    this.sums[at] = {
      in: sum.in + more.in,
      passed: sum.passed + more.passed,
      out: sum.out + more.out,
      ended: more.ended.reduce(withEnded, sum.ended),
      milliseconds: sum.milliseconds + more.milliseconds,
    };
  }

  counts(): readonly PartCounts[] {
    return this.nodes.map((node, at) => ({ node, ...(this.sums[at] ?? NOTHING) }));
  }
}

function withEnded(all: readonly Ended[], more: Ended): readonly Ended[] {
  const known = all.some(({ how, clause }) => how === more.how && clause === more.clause);
  if (!known) return [...all, more];
  return all.map((one) =>
    one.how === more.how && one.clause === more.clause ? { ...one, rows: one.rows + more.rows } : one,
  );
}

// ── Ends ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface End {
  take(batch: Batch): Promise<void>;
  /** About how much it holds. */
  bytes(): number;
  /** All that it has; nothing may come afterwards. */
  give(): Promise<PartGiven>;
}

async function endOf(end: DividedEnd, schema: Schema): Promise<End> {
  return end.gives === 'groups' ? groupsEnd(end, schema) : bytesEnd(end, schema);
}

function groupsEnd({ node }: Extract<DividedEnd, { gives: 'groups' }>, schema: Schema): End {
  const grouping = aggregate(node, schema, (expr, input) => {
    const value = compileExpr(expr, input, expressions);
    return (batch) => evaluating(batch, value);
  });
  let milliseconds = 0;
  return {
    take: async (batch) => {
      const start = performance.now();
      grouping.take(0, batch);
      milliseconds += performance.now() - start;
    },
    bytes: () => grouping.bytes,
    give: async () => ({ kind: 'groups', node: node.id, part: grouping.part(), milliseconds }),
  };
}

async function bytesEnd({ node }: Extract<DividedEnd, { gives: 'bytes' }>, schema: Schema): Promise<End> {
  const { signature, options } = node.writer;
  const writer = writers.get(signature.name);
  if (writer === undefined) throw new RangeError(`there is no built-in ${signature.name}`);
  const target = new Gathered();
  const sink: Sink = await writer({
    target,
    columns: schema.map(({ name, type }) => ({ name, type })),
    // The first line is written by whoever writes the file.
    options: new Map([...options, ['header', false]]),
  });
  let rows = 0;
  let milliseconds = 0;
  return {
    take: async (batch) => {
      const start = performance.now();
      await sink.write(batch.vectors, batch.length);
      rows += batch.length;
      milliseconds += performance.now() - start;
    },
    bytes: () => target.bytes.length,
    give: async () => {
      await sink.close();
      return { kind: 'bytes', node: node.id, bytes: target.written, rows, milliseconds };
    },
  };
}

/** Bytes written one after the other. */
class Gathered implements ByteSink {
  bytes = new Uint8Array(1024 * 1024);
  private at = 0;

  get written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.at + chunk.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + chunk.length));
      larger.set(this.written);
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.at);
    this.at += chunk.length;
  }
}
