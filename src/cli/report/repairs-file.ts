/** The file of `--repairs`: written beside its place while the job runs, and put there when it ends, however it ends. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plan } from '../../planner/plan.ts';
import type { Listener } from '../../runtime/events.ts';
import { repairLines } from '../../runtime/report/repair-log.ts';
import { UsageError } from '../exit.ts';

export interface RepairsFile {
  readonly listen: Listener;
  /** Puts the file in its place; null, or what kept it from being written, which is told once and never stops a run. */
  readonly finish: () => Error | null;
  /** Leaves what stood there before, where nothing was finished. */
  readonly discard: () => void;
}

/** Characters that are gathered before they are written. */
const BUFFERED = 1 << 16;

/** @throws UsageError when the file cannot be begun, before anything runs */
export async function openRepairsFile(path: string, plan: Plan): Promise<RepairsFile> {
  await refuse(path, plan);
  const beside = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.tmp`;
  const file = opened(beside, path);
  const lineOf = repairLines(plan);
  let pending = '';
  let trouble: Error | null = null;
  let open = true;
  const close = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  const attempt = (step: () => void): void => {
    if (trouble !== null) return;
    try {
      step();
    } catch (thrown) {
      trouble = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  };
  const flush = (): void => {
    writeWhole(file, Buffer.from(pending));
    pending = '';
  };
  return {
    listen(event) {
      if (event.kind !== 'repair' || trouble !== null) return;
      pending += lineOf(event);
      if (pending.length >= BUFFERED) attempt(flush);
    },
    finish() {
      attempt(flush);
      close();
      attempt(() => renameSync(beside, path));
      if (trouble !== null) rmSync(beside, { force: true });
      return trouble;
    },
    discard() {
      if (open) rmSync(beside, { force: true });
      close();
    },
  };
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function opened(beside: string, path: string): number {
  try {
    return openSync(beside, 'wx');
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UsageError(`--repairs ${JSON.stringify(path)} cannot be written: ${why}`);
  }
}

/** What a rename would destroy: a folder or device, the job's own script, inputs and outputs. */
async function refuse(path: string, plan: Plan): Promise<void> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) {
    throw new UsageError(`--repairs ${JSON.stringify(path)} is no plain file`);
  }
  const place = resolve(path);
  for (const taken of [...plan.sources.map(({ name }) => name), ...(await filesOf(plan))]) {
    if (resolve(taken) === place) throw new UsageError(`--repairs ${JSON.stringify(path)} is a file of the job itself`);
  }
}

/** Inputs that cannot be found are left out here, and are an error of the run. */
async function filesOf({ graph }: Plan): Promise<readonly string[]> {
  const [{ inputFiles }, { diskFiles }] = await Promise.all([
    import('../../runtime/readers/files.ts'),
    import('../../runtime/readers/input-files.ts'),
  ]);
  const paths: string[] = [];
  for (const node of graph.nodes) {
    if (node.kind === 'output') paths.push(node.path, ...(node.expect === null ? [] : [node.expect.truth]));
    if (node.kind !== 'extract') continue;
    const files = await inputFiles(node.files, node.declared, diskFiles).catch(() => []);
    paths.push(...files.map((file) => file.path));
  }
  return paths;
}
