/**
 * What programs and operator modules import from 'pyscope'.
 *
 * Operators extend {@link Extractor}, {@link Processor}, {@link Reducer}, {@link Combiner} or {@link Outputter}; {@link declareFunction} makes a function callable
 * in expressions; {@link JobBuilder} builds a job in a program; {@link compile} reads a script. See docs/operators.md.
 */
export { Extractor, ExtractedRow } from '../runtime/operators/extractor.ts';
export type { InputFile } from '../runtime/operators/extractor.ts';
export { Processor } from '../runtime/operators/processor.ts';
export { Combiner, Reducer } from '../runtime/operators/group-operators.ts';
export type { Group } from '../runtime/operators/group-operators.ts';
export { Outputter } from '../runtime/operators/outputter.ts';
export type { Written, WrittenRow } from '../runtime/operators/outputter.ts';
export { declareFunction } from '../runtime/operators/function.ts';
export type { OperatorContext } from '../runtime/operators/context.ts';
export type { Declaration, OptionDeclaration, TypedDeclaration } from '../runtime/operators/declaration.ts';
export { OutputRow, Repair } from '../runtime/operators/row.ts';
export type { Answer, BatchAnswer, BatchAnswerFacts, Row, RowBatch } from '../runtime/operators/row.ts';
export type { JsOf, TypeText } from '../runtime/operators/type-text.ts';
export { OperatorError } from '../runtime/operators/faults.ts';
export type { Answer as ModelAnswer, Json, JsonObject, Model } from '../runtime/models/model.ts';
export { labelOf, textOf } from '../runtime/models/answers.ts';
export type { Labelled } from '../runtime/models/answers.ts';
export { RunError } from '../runtime/errors.ts';
export type { DataPlace } from '../runtime/errors.ts';
export type { Value } from '../typecheck/types.ts';

export { JobBuilder } from './builder/job-builder.ts';
export type {
  AssertArguments,
  CombineArguments,
  ExtractArguments,
  JobNode,
  JobOptions,
  OutputArguments,
  ProcessArguments,
  Produced,
  ReduceArguments,
  RowOf,
  SelectArguments,
  UnionArguments,
  WhereArguments,
} from './builder/arguments.ts';
export {
  CsvReader,
  CsvWriter,
  JsonLinesReader,
  JsonLinesWriter,
  LineReader,
  LineWriter,
  TextClassifier,
  Transformer,
  Translator,
  TsvReader,
  TsvWriter,
} from './builder/built-ins.ts';
export type { ColumnTypes } from './builder/built-ins.ts';
export { BuilderError, CompileError, JobFailed } from './errors.ts';

export { compile } from './compile.ts';
export type { Compilation, CompileOptions, TextScript } from './compile.ts';
export { runJob } from './run-job.ts';
export type { RunOptions } from './run-options.ts';
export type { Report } from '../runtime/report/report.ts';
export type { RunEvent } from '../runtime/events.ts';
export type { Diagnostic } from '../diagnostics/diagnostic.ts';
export type { Source, Span } from '../diagnostics/span.ts';
export type { Plan } from '../planner/plan.ts';
