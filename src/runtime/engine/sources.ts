/** Extract and values nodes: the batches a job begins with. */
import type { ExtractNode, ValuesNode } from '../../planner/graph.ts';
import type { Column, Schema, TypedAction, TypedExpr } from '../../typecheck/typed.ts';
import { INT, STRING } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import { RunError } from '../errors.ts';
import type { ReadBatch, RejectedLine, Source } from '../operators/runner.ts';
import { compileExpr } from '../expressions/compile.ts';
import { valueAt, vectorOf } from '../vectors.ts';
import { batchRowsFor } from './environment.ts';
import type { Compiler } from './compile.ts';
import { evaluating, notRun } from './faults.ts';
import type { Passing } from './in-passing.ts';
import type { Ended } from './result.ts';
import { ended } from './step.ts';
import { textsFor } from './steps/handle.ts';
import { routed } from './steps/routing.ts';
import type { Routed } from './steps/routing.ts';

/** What a source's batch is to the engine. */
export interface SourceBatch {
  readonly batch: Batch;
  /** Lines or rows read for it. */
  readonly in: number;
  readonly ended: readonly Ended[];
  readonly routed: Routed | null;
}

/** A source, and how many files it passes over. `passing`: how its batches are used up, where that is known. */
export async function openSource(
  node: ExtractNode,
  compiling: Compiler,
  passing: Passing | null,
): Promise<{ readonly source: Source; readonly skipped: number }> {
  const { environment, signal } = compiling;
  const reader = await environment.library.reader(node.reader);
  const keeps = node.keepsFile === undefined ? undefined : fileFilter(node, node.keepsFile, compiling);
  let skipped = 0;
  const source = await reader({
    files: node.files,
    declared: node.declared,
    wanted: node.schema.map(({ name }) => name),
    options: new Map(node.reader.options),
    keepsFile: (columns) => {
      const kept = keeps?.(columns) ?? true;
      if (!kept) skipped += 1;
      return kept;
    },
    batchRows: batchRowsFor(node, environment),
    inPassing: passing?.batches ?? null,
    written: passing?.written ?? false,
    signal,
  });
  return { source, skipped };
}

/** Asks the predicate of a row that has the columns of a path, and nothing else. */
function fileFilter(
  node: ExtractNode,
  predicate: TypedExpr,
  { expressions }: Compiler,
): (columns: ReadonlyMap<string, Value>) => boolean {
  return (columns) => {
    const known = node.declared.filter(({ name }) => columns.has(name));
    const schema = known.map(({ name, type }): Column => ({ qualifier: null, name, type, origins: [] }));
    const vectors = known.map(({ name, type }) => vectorOf(type, [columns.get(name) ?? null]));
    const batch: Batch = { length: 1, vectors, sequence: 0, ordinals: null, source: null };
    return valueAt(evaluating(batch, compileExpr(predicate, schema, expressions)), 0) === true;
  };
}

/** What an EXTRACT's ON ERROR can name. */
const LINE_COLUMNS: Schema = [
  { qualifier: null, name: 'file', type: STRING, origins: [] },
  { qualifier: null, name: 'line', type: INT, origins: [] },
  { qualifier: null, name: 'text', type: STRING, origins: [] },
  { qualifier: null, name: 'reason', type: STRING, origins: [] },
];

/** Applies ON ERROR to the lines of a batch that could not be read. */
export function lineHandling(
  node: ExtractNode,
  compiling: Pick<Compiler, 'routes' | 'expressions'>,
): (read: ReadBatch) => SourceBatch {
  const action = lastOf(node.onError);
  const abortText = action?.kind === 'abort' ? action.message : null;
  const message = abortTextsFor(abortText, compiling);
  return ({ batch, rejected }) => {
    const base = { batch, in: batch.length + rejected.length, ended: [], routed: null };
    const [first] = rejected;
    if (first === undefined) return base;
    switch (action?.kind) {
      case 'drop':
        return { ...base, ended: ended('dropped', 'ON ERROR DROP', rejected.length) };
      case 'route': {
        const lines = linesBatch(rejected, batch);
        const given = {
          batch: lines,
          schema: LINE_COLUMNS,
          more: new Map(),
          rows: Int32Array.from(rejected.keys()),
          reasons: rejected.map(reasonOf),
        };
        return {
          ...base,
          ended: ended('routed', `ON ERROR ROUTE TO ${action.name}`, rejected.length),
          routed: routed(compiling.routes, action.rowset, given),
        };
      }
      default:
        throw lineFailed(node, first, message?.(linesBatch([first], batch))[0] ?? null);
    }
  };
}

function abortTextsFor(
  expr: TypedExpr | null,
  { expressions }: Pick<Compiler, 'expressions'>,
): ((batch: Batch) => readonly string[]) | null {
  return expr === null ? null : textsFor(expr, '', LINE_COLUMNS, expressions);
}

function linesBatch(rejected: readonly RejectedLine[], batch: Batch): Batch {
  return {
    length: rejected.length,
    vectors: [
      { kind: 'string', values: rejected.map(({ place }) => place.file) },
      vectorOf(
        INT,
        rejected.map(({ place }) => place.line ?? 0),
      ),
      { kind: 'string', values: rejected.map(({ text }) => text) },
      { kind: 'string', values: rejected.map(reasonOf) },
    ],
    sequence: batch.sequence,
    ordinals: Int32Array.from(rejected, ({ ordinal }) => ordinal),
    source: batch.source,
  };
}

function reasonOf({ code, message }: RejectedLine): string {
  return `${code}: ${message}`;
}

function lineFailed(node: ExtractNode, line: RejectedLine, text: string | null): RunError {
  const message = text === null ? line.message : `${text} (${line.message})`;
  return new RunError(line.code, message, {
    span: node.span,
    place: line.place,
    help: `${line.code === 'PR1101' ? 'declare all columns of the file, in their order, or correct the line' : 'correct the line'}, or set such lines apart: EXTRACT … ON ERROR ROUTE TO name`,
  });
}

/** A line that failed once fails again, so RETRY goes on to its ELSE; the rest must be something a line can suffer. */
function lastOf(action: TypedAction | null): TypedAction | null {
  if (action === null) return null;
  switch (action.kind) {
    case 'retry-times':
      return lastOf(action.otherwise);
    case 'drop':
    case 'abort':
    case 'route':
      return action;
    case 'keep':
    case 'edit':
    case 'append':
    case 'delete':
    case 'retry':
      throw notRun(`ON ERROR ${action.kind.toUpperCase()} of an EXTRACT`, action.span);
  }
}

/** The rows of a VALUES, in batches. */
export function* valuesBatches(node: ValuesNode, batchRows: number): Iterable<Batch> {
  for (let start = 0, sequence = 0; start < node.rows.length; start += batchRows, sequence++) {
    const rows = node.rows.slice(start, start + batchRows);
    yield {
      length: rows.length,
      vectors: node.schema.map(({ type }, at) =>
        vectorOf(
          type,
          rows.map((row) => row[at] ?? null),
        ),
      ),
      sequence,
      ordinals: null,
      source: null,
    };
  }
}
