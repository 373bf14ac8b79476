/** Whether a source of a run is read in parts, and what is done with what comes back. */
import type { Division } from '../../../planner/divide.ts';
import type { Stage } from '../../../planner/plan.ts';
import type { PartedFile, ReadBatch } from '../../operators/runner.ts';
import { inputSchema, nodeOf } from '../compile.ts';
import type { Compiler } from '../compile.ts';
import { batchRowsFor } from '../environment.ts';
import type { StageContext } from '../stages.ts';
import type { PartsReading } from './read.ts';
import type { PartDone, PartsJob } from './task.ts';

/** Bytes of a part of which groups come back: the more, the fewer groups there are to merge. */
const MOST_FOR_GROUPS = 64 * 1024 * 1024;
/** Bytes of a part of which rows come back, as bytes of the output: all that are under way are held in memory. */
const MOST_FOR_ROWS = 4 * 1024 * 1024;
/** An answer may always be so large. */
const LEAST_ANSWER = 1024 * 1024;

/** Null where the source is read where the job runs. */
export function partsReading(
  stage: Stage,
  context: StageContext,
  take: (read: ReadBatch) => Promise<void>,
): PartsReading | null {
  const { compiling, divisions, recorder, flow, ledger } = context;
  const { environment, signal } = compiling;
  const { parts: settings, listener } = environment;
  const division = divisions.find((one) => one.stage === stage.id);
  if (division === undefined || settings === undefined || recorder !== null) return null;
  const workers = division.workers ?? settings.workers;
  if (workers < 2) return null;
  const hinted = division.workers !== null || division.partitions !== null;
  const givesRows = division.ends.some(({ gives }) => gives === 'bytes');
  let jobs = 0;
  return {
    cutting: {
      workers,
      partitions: division.partitions,
      leastBytes: hinted ? 0 : settings.leastBytes,
      mostBytes: givesRows ? MOST_FOR_ROWS : MOST_FOR_GROUPS,
    },
    job: (file) => jobFor(jobs++, file, { stage, division, compiling, workers }),
    start: () => settings.start(workers),
    take,
    takePart: async (answer, bytesRead) => {
      signal.throwIfAborted();
      for (const { node, ...counts } of answer.counts) ledger.add(node, counts);
      listener({ kind: 'source-read', node: division.source, bytes: bytesRead });
      return givenAll(answer, flow);
    },
    tell: (parts, again) => listener({ kind: 'parts-read', node: division.source, workers, parts, again }),
    signal,
  };
}

async function givenAll({ given }: PartDone, flow: StageContext['flow']): Promise<boolean> {
  let more = true;
  for (const one of given) more = (await flow.givePart(one)) && more;
  return more;
}

interface Around {
  readonly stage: Stage;
  readonly division: Division;
  readonly compiling: Compiler;
  readonly workers: number;
}

function jobFor(
  id: number,
  { described }: PartedFile,
  { stage, division, compiling, workers }: Around,
): PartsJob | null {
  const source = nodeOf(compiling, division.source);
  if (described === null || source.kind !== 'extract') return null;
  const { memory, environment } = compiling;
  const last = nodeOf(compiling, stage.nodes.at(-1) ?? -1);
  return {
    id,
    file: described,
    source,
    steps: stage.nodes.slice(1).map((node) => {
      const step = nodeOf(compiling, node);
      return { node: step, input: inputSchema(compiling, step) };
    }),
    ends: division.ends,
    schema: last.schema,
    batchRows: batchRowsFor(source, environment),
    mostBytes: memory === null ? Infinity : Math.max(LEAST_ANSWER, memory.budget / (4 * workers)),
  };
}
