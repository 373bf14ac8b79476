/** Gives all outputs of a job their names, once all of them are complete. */
import { dirname } from 'node:path';
import type { Span } from '../../diagnostics/span.ts';
import type { NodeId } from '../../planner/graph.ts';
import { RunError } from '../errors.ts';
import { outputError } from './faults.ts';
import type { OutputFiles } from './files.ts';
import type { FinishedPart, Output } from './output.ts';

export interface PublishedFile {
  readonly node: NodeId;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

interface Finished extends FinishedPart {
  readonly node: NodeId;
  readonly span: Span;
}

/** Completes every output; nothing has its final name yet. */
export async function finishOutputs(outputs: readonly Output[]): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  for (const output of outputs) {
    const { id, span } = output.node;
    for (const part of await output.finish()) finished.push({ ...part, node: id, span });
  }
  return finished;
}

/**
 * Renames one after the other. Where one fails, or its folder cannot be forced to the disk, those that have their name already get their old files back, so that a job's outputs are all new or all old as far as a
 * file system allows; a process that is killed in the middle leaves some new, which a resume completes.
 */
export async function publish(files: OutputFiles, finished: readonly Finished[]): Promise<readonly PublishedFile[]> {
  const done: Finished[] = [];
  try {
    for (const part of finished) await blaming(part, () => part.file.setAside());
    for (const part of finished) {
      await blaming(part, () => part.file.publish());
      done.push(part);
    }
    const folders = new Map(finished.map((part) => [dirname(part.file.path), part]));
    for (const [folder, part] of folders) await blaming(part, () => files.syncFolder(folder));
  } catch (error) {
    throw await withdrawn(done, error);
  } finally {
    await Promise.allSettled(finished.map(({ file }) => file.forgetAside()));
  }
  return finished.map(({ node, shown, rows, file }) => ({
    node,
    path: shown,
    rows,
    bytes: file.bytes,
    sha256: file.digest(),
  }));
}

async function blaming(part: Finished, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw outputError(error, part.shown, part.span);
  }
}

/** Takes back what has its new name; the error says where that could not be done. */
async function withdrawn(done: readonly Finished[], error: unknown): Promise<unknown> {
  const ends = await Promise.allSettled(done.map(({ file }) => file.takeBack()));
  const still = done.filter((_, at) => ends[at]?.status === 'rejected');
  if (still.length === 0 || !(error instanceof RunError)) return error;
  const { code, message, span, cause } = error;
  const help = `already in place, and complete: ${still.map(({ shown }) => shown).join(', ')}`;
  return new RunError(code, message, { span, cause, help });
}
