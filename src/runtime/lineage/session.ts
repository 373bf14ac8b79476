/** The recording of a job's lineage from its first batch to its last output, as the engine sees it. */
import type { Plan } from '../../planner/plan.ts';
import type { RunEnvironment } from '../engine/environment.ts';
import type { OutputReport } from '../engine/result.ts';
import { inputFiles } from '../readers/files.ts';
import { lineageFault } from './faults.ts';
import type { InputFacts } from './manifest.ts';
import { LineageRecorder } from './recorder.ts';

export interface LineageSession {
  readonly recorder: LineageRecorder;
  /**
   * The job has published its outputs: completes the record. What keeps it from being written is told and never fails a job whose outputs stand.
   * `paths`: the absolute path of each output, in their order.
   */
  finish(outputs: readonly OutputReport[], paths: readonly string[]): Promise<LineageReport | null>;
  /** Takes away what was recorded, unless it is complete. */
  discard(): Promise<void>;
}

/** What `--lineage` left. */
export interface LineageReport {
  readonly folder: string;
  readonly bytes: number;
}

/** null where no lineage is asked for. @throws RunError PR7107 where it cannot be begun */
export async function beginLineage(plan: Plan, environment: RunEnvironment): Promise<LineageSession | null> {
  const { lineageFolder: folder = null, outputs: files, job, clock, listener } = environment;
  if (folder === null) return null;
  const recorder = new LineageRecorder({ plan, files, folder, job });
  const refused = (error: unknown) =>
    lineageFault(
      'PR7107',
      `the lineage of this run cannot be written to ${folder}: ${error instanceof Error ? error.message : String(error)}`,
      'make room or choose another folder with --state DIR; or run without --lineage',
      error,
    );
  try {
    await recorder.begin();
  } catch (error) {
    throw refused(error);
  }
  const inputs = await inputFacts(plan, environment);
  let complete = false;
  return {
    recorder,
    async finish(published, paths) {
      const parts = new Map<number, number>();
      const outputs = published.map(({ node, path: shown, rows, sha256 }, at) => {
        const part = parts.get(node) ?? 0;
        parts.set(node, part + 1);
        return { node, shown, path: paths[at] ?? shown, part, rows, sha256 };
      });
      try {
        const bytes = await recorder.finish(clock.now(), outputs, inputs);
        complete = true;
        return { folder, bytes };
      } catch (error) {
        const { code, message } = refused(error);
        listener({ kind: 'warning', code, message, node: null });
        return null;
      }
    },
    async discard() {
      if (!complete) await recorder.discard();
    },
  };
}

/** Inputs that cannot be found are left out here, and are an error of the run. */
async function inputFacts({ graph }: Plan, { inputs }: RunEnvironment): Promise<readonly InputFacts[]> {
  const facts: InputFacts[] = [];
  for (const node of graph.nodes) {
    if (node.kind !== 'extract') continue;
    const files = await inputFiles(node.files, node.declared, inputs).catch(() => []);
    facts.push(...files.map(({ name, path, bytes }) => ({ node: node.id, shown: name, path, bytes })));
  }
  return facts;
}
