/** Runs the text of a script over files in memory. */
import { expect } from 'chai';
import { parse } from '../../../src/parser/parse.ts';
import { plan, DEFAULT_PLAN_OPTIONS } from '../../../src/planner/make-plan.ts';
import type { PlanOptions } from '../../../src/planner/make-plan.ts';
import type { Plan } from '../../../src/planner/plan.ts';
import { run, systemClock } from '../../../src/runtime/engine/index.ts';
import type { Clock, RunResult } from '../../../src/runtime/engine/index.ts';
import type { PartsSettings } from '../../../src/runtime/engine/environment.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { formats } from '../../../src/runtime/operators/builtins/formats.ts';
import { operatorLibrary } from '../../../src/runtime/operators/library.ts';
import type { OperatorLibrary } from '../../../src/runtime/operators/library.ts';
import { readModule } from '../../../src/runtime/operators/loader.ts';
import type { InputFiles } from '../../../src/runtime/readers/index.ts';
import type { AnswerKeeper } from '../../../src/runtime/state/answers.ts';
import { check } from '../../../src/typecheck/check.ts';
import type { CheckResult, View } from '../../../src/typecheck/input.ts';
import type { OperatorSignature } from '../../../src/typecheck/signature.ts';
import { memoryFiles } from '../readers/support.ts';
import { MemorySpill } from '../spill/memory-files.ts';
import { MemoryOutputs } from '../outputs/memory.ts';

export interface Job {
  /** Inputs by the path the script gives them. */
  readonly inputs?: Readonly<Record<string, string | Uint8Array>>;
  /** Operator classes and functions that the script IMPORTs from "./operators.ts". */
  readonly operators?: object;
  /** Views by the path that the script imports them from. */
  readonly views?: Readonly<Record<string, string>>;
  /** Further built-ins, with the library that runs them. */
  readonly builtins?: readonly OperatorSignature[];
  readonly library?: (library: OperatorLibrary) => OperatorLibrary;
  readonly batchRows?: number;
  readonly outputs?: MemoryOutputs;
  readonly plan?: Partial<PlanOptions>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly answers?: AnswerKeeper;
  readonly disk?: (disk: InputFiles) => InputFiles;
  /** Reads parts of files, given the disk. */
  readonly parts?: (disk: InputFiles) => PartsSettings;
  /** What operators may hold, in bytes; left out, they hold what they need. */
  readonly memory?: number;
  readonly spill?: MemorySpill;
  /** Recorded among the outputs, in {@link LINEAGE}. */
  readonly lineage?: boolean;
}

export interface Ran {
  readonly result: RunResult;
  /** Text by the path in the script. */
  readonly files: Readonly<Record<string, string>>;
  readonly events: readonly RunEvent[];
  readonly outputs: MemoryOutputs;
  readonly plan: Plan;
  readonly text: string;
}

const FOLDER = '/data/';
const MODULE = `${FOLDER}operators.ts`;
export const LINEAGE = '/lineage/job-1';

function absolute(path: string): string {
  return path.startsWith('/') ? path : FOLDER + path.replace(/^\.\//u, '');
}

/** Parses and checks a job's script, with the operators and views that it has. */
export function checkedJob(text: string, { operators = {}, builtins = [], views = {} }: Job): CheckResult {
  const sources = [{ name: 'job.scope', text }, ...Object.entries(views).map(([name, view]) => ({ name, text: view }))];
  const [main, ...others] = sources.map((source, id) => parse(source, id));
  if (main === undefined) throw new Error('no script');
  const { script, diagnostics } = check({
    sources,
    main: main.script,
    mainPath: `${FOLDER}job.scope`,
    views: new Map(Object.keys(views).map((name, at) => [absolute(name), viewOf(others[at])])),
    modules: new Map([[MODULE, readModule(MODULE, operators).signature]]),
    builtins: new Map([...formats, ...builtins].map((signature) => [signature.name, signature])),
    parameters: new Map(),
    resolvePath: absolute,
    incomplete: new Set(),
  });
  return { script, diagnostics: [...main.diagnostics, ...diagnostics] };
}

function viewOf(parsed: ReturnType<typeof parse> | undefined): View {
  return parsed?.script ?? { kind: 'load-error', message: 'gone' };
}

function planned(text: string, job: Job): Plan {
  const { script, diagnostics } = checkedJob(text, job);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
  if (script === null) throw new Error('no script');
  const made = plan(script, { ...DEFAULT_PLAN_OPTIONS, ...job.plan });
  if (made.plan === null) throw new Error(made.diagnostics.map(({ message }) => message).join('\n'));
  return made.plan;
}

export async function runScript(text: string, job: Job = {}): Promise<Ran> {
  const plan = planned(text, job);
  const inputs = new Map(
    Object.entries(job.inputs ?? {}).map(([path, content]) => [absolute(path), Buffer.from(content as string)]),
  );
  const memory = memoryFiles(inputs);
  const disk = job.disk?.(memory) ?? memory;
  const outputs = job.outputs ?? new MemoryOutputs();
  const events: RunEvent[] = [];
  const signal = job.signal ?? new AbortController().signal;
  const library = operatorLibrary({
    modules: new Map([[MODULE, readModule(MODULE, job.operators ?? {})]]),
    disk,
    listener: () => undefined,
    models: () => Promise.reject(new Error('there are no models here')),
    resolvePath: absolute,
    signal,
    log: () => undefined,
    seed: 'test',
    now: () => 0,
  });
  const result = await run(plan, {
    job: 'job-1',
    library: job.library?.(library) ?? library,
    outputs,
    inputs: disk,
    clock: job.clock ?? systemClock,
    listener: (event) => {
      events.push(event);
      job.onEvent?.(event);
    },
    signal,
    answers: job.answers ?? null,
    batchRows: job.batchRows ?? 4096,
    queueBatches: 2,
    ...(job.memory === undefined ? {} : { spill: { budget: job.memory, files: job.spill ?? new MemorySpill() } }),
    ...(job.parts === undefined ? {} : { parts: job.parts(disk) }),
    lineageFolder: job.lineage === true ? LINEAGE : null,
  });
  const files = Object.fromEntries(
    [...outputs.files]
      .filter(([path]) => !path.startsWith(LINEAGE))
      .map(([path, bytes]) => [path.replace(FOLDER, ''), bytes.toString('utf8')]),
  );
  return { result, files, events, outputs, plan, text };
}

/** The files of a run that must succeed. */
export async function filesOf(text: string, job: Job = {}): Promise<Readonly<Record<string, string>>> {
  const { result, files } = await runScript(text, job);
  expect(result.error?.message ?? null).to.equal(null);
  expect(result.outcome).to.equal('done');
  return files;
}

/** `file:line: code message`, with the piece of the script that the error points at. */
export async function failureOf(text: string, job: Job = {}): Promise<string> {
  const { result, files } = await runScript(text, job);
  expect(result.outcome).to.equal('failed');
  expect(files).to.deep.equal({});
  const { error } = result;
  if (error === null) throw new Error('no error');
  const place = error.place === null ? '' : `${error.place.file}:${error.place.line ?? ''}: `;
  const at = error.span === null ? '' : ` « ${text.slice(error.span.start, error.span.end)} »`;
  return `${place}${error.code} ${error.message}${at}`;
}
