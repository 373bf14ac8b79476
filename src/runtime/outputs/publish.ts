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

/** Renames one after the other. A rename that fails ends the job; its message says which outputs are new already. */
export async function publish(files: OutputFiles, finished: readonly Finished[]): Promise<readonly PublishedFile[]> {
  const done: string[] = [];
  const folders = new Map<string, Finished>();
  for (const part of finished) {
    try {
      await part.file.publish();
    } catch (error) {
      throw partly(outputError(error, part.shown, part.span), done);
    }
    done.push(part.shown);
    folders.set(dirname(part.file.path), part);
  }
  for (const [folder, part] of folders) {
    try {
      await files.syncFolder(folder);
    } catch (error) {
      throw partly(outputError(error, part.shown, part.span), done);
    }
  }
  return finished.map(({ node, shown, rows, file }) => ({
    node,
    path: shown,
    rows,
    bytes: file.bytes,
    sha256: file.digest(),
  }));
}

function partly(error: RunError, done: readonly string[]): RunError {
  if (done.length === 0) return error;
  const { code, message, span, cause } = error;
  return new RunError(code, message, { span, cause, help: `already in place, and complete: ${done.join(', ')}` });
}
