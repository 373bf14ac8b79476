/** JsonLinesReader: one JSON object a line, columns by key. */
import { isUtf8 } from 'node:buffer';
import { isNullable, nonNull, typeText } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { ReadBatch, Reader, ReaderRequest, RejectedLine, WantedColumn } from '../operators/runner.ts';
import { vectorBuilder } from '../vectors.ts';
import { columnNamed, fileSource } from './file-source.ts';
import type { LineFault } from './faults.ts';
import { MAX_FIELD_BYTES, shown } from './faults.ts';
import { tooLong } from './field-columns.ts';
import { jsonValue } from './field-value.ts';
import { inputFiles } from './files.ts';
import type { InputFile } from './files.ts';
import type { InputFiles } from './input-files.ts';
import { guessLines } from './line-ending.ts';
import { readOptions } from './options.ts';
import type { ReadOptions } from './options.ts';
import { RecordFile } from './record-file.ts';
import { Splitter } from './splitter.ts';

interface Job {
  readonly request: ReaderRequest;
  readonly options: ReadOptions;
  readonly wanted: readonly WantedColumn[];
  readonly disk: InputFiles;
}

export function jsonLinesReader(disk: InputFiles): Reader {
  return async (request) => {
    const options = readOptions(request.options, '');
    const files = await inputFiles(request.files, request.declared, disk, request.keepsFile);
    const wanted = request.wanted.map((name) => columnNamed(name, request.declared));
    const job = { request, options, wanted, disk };
    return fileSource(files, (file, sequence) => fileBatches(job, file, sequence));
  };
}

async function* fileBatches(job: Job, file: InputFile, firstSequence: number): AsyncIterable<ReadBatch> {
  const { request, options, disk } = job;
  const opened = await RecordFile.open(disk, file, options.encoding);
  try {
    const ending = guessLines(opened.beginning);
    await opened.skipLines(options.skip, ending);
    const dialect = { delimiter: Buffer.alloc(0), quote: -1, ending };
    const splitter = new Splitter(dialect, Int32Array.of(0), request.batchRows);
    for (let sequence = firstSequence; await opened.cut(splitter); sequence++) {
      request.signal.throwIfAborted();
      const batch = linesBatch(job, opened, splitter, sequence);
      opened.line += splitter.rows;
      yield batch;
    }
  } finally {
    await opened.close();
  }
}

function linesBatch(job: Job, opened: RecordFile, splitter: Splitter, sequence: number): ReadBatch {
  const { wanted } = job;
  const builders = wanted.map(({ type }) => vectorBuilder(type, splitter.rows));
  const firstLine = opened.line;
  const rejected: RejectedLine[] = [];
  const kept: number[] = [];
  for (let row = 0; row < splitter.rows; row++) {
    const start = splitter.starts[row] ?? 0;
    const end = splitter.ends[row] ?? 0;
    const found = rowValues(job, opened, start, end);
    if (Array.isArray(found)) {
      kept.push(row);
      found.forEach((value, at) => builders[at]?.push(value));
    } else {
      const place = { file: opened.file.name, line: firstLine + row };
      rejected.push({ ...found, place, text: opened.bytes.toString('utf8', start, end), sequence, ordinal: row });
    }
  }
  return {
    batch: {
      length: kept.length,
      vectors: builders.map((builder) => builder.finish()),
      sequence,
      ordinals: rejected.length === 0 ? null : Int32Array.from(kept),
      source: { name: opened.file.name, lineOf: (ordinal) => firstLine + ordinal },
    },
    rejected,
    bytesRead: opened.taken,
  };
}

function rowValues(job: Job, opened: RecordFile, start: number, end: number): Value[] | LineFault {
  if (end - start > MAX_FIELD_BYTES) return tooLong(end - start);
  const line = opened.bytes.subarray(start, end);
  const bad = opened.turnedFrom === null ? !isUtf8(line) : line.includes('\ufffd');
  if (bad) return { code: 'PR1105', message: `the line holds bytes that are no ${opened.turnedFrom ?? 'UTF-8'}` };
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/ in JSON at position.*$/su, '') : String(error);
    return {
      code: 'PR1107',
      message: end === start ? 'the line is empty' : `the line is no JSON: ${shownReason(why)}`,
    };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { code: 'PR1108', message: `the line is no JSON object, but ${shown(JSON.stringify(parsed))}` };
  }
  return columnValues(job, opened, new Map(Object.entries(parsed)));
}

/** V8's reasons quote the text as it stands. */
function shownReason(why: string): string {
  return why.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').slice(0, 100);
}

function columnValues(job: Job, opened: RecordFile, keys: ReadonlyMap<string, Value>): Value[] | LineFault {
  const values: Value[] = [];
  for (const { name, type } of job.wanted) {
    const fromPath = opened.file.columns.get(name);
    const given = fromPath ?? keys.get(name);
    if (given === undefined) {
      if (!isNullable(type)) {
        return {
          code: 'PR1109',
          message: `column ${name}: the line has no such key; ${typeText(type)}? takes that as null`,
        };
      }
      values.push(null);
      continue;
    }
    const value = fromPath ?? jsonValue(type, given, job.options.dates);
    if (value === undefined) return misfit(name, type, given);
    values.push(value);
  }
  return values;
}

function misfit(name: string, type: WantedColumn['type'], given: Value): LineFault {
  if (given === null) return { code: 'PR1102', message: `column ${name}: null is no ${typeText(type)}` };
  const text = typeof given === 'string' ? `the string ${shown(given)}` : shown(JSON.stringify(given)).slice(1, -1);
  return { code: 'PR1102', message: `column ${name}: ${text} is no ${typeText(nonNull(type))}` };
}
