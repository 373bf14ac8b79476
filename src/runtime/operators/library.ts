/** What a plan's operator calls run as: built-ins and the classes of imported modules alike. */
import { RunError } from '../errors.ts';
import type { BoundOperator } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Listener } from '../events.ts';
import type { JsonObject, Model, ModelHost } from '../models/model.ts';
import { createReaders } from '../readers/index.ts';
import type { InputFiles } from '../readers/input-files.ts';
import { diskFiles } from '../readers/input-files.ts';
import { writers } from '../writers/index.ts';
import { modelSource } from '../models/source.ts';
import { modelRunner } from './builtins/model-runner.ts';
import type { OperatorContext } from './context.ts';
import { extractReader } from './extract-reader.ts';
import { groupRunner } from './group-runner.ts';
import type { OperatorCall } from './instance.ts';
import type { LoadedModule } from './loader.ts';
import { outputWriter } from './output-writer.ts';
import { processorRunner } from './process-runner.ts';
import type { RandomNumbers } from './random.ts';
import { countedRandom } from './random.ts';
import type { GroupRunner, ProcessorRunner, Reader, Writer } from './runner.ts';

export interface LibraryOptions {
  /** By absolute path. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
  /** The file system that readers see. */
  readonly disk?: InputFiles;
  /** Made when the first operator opens a model. */
  readonly models: () => Promise<ModelHost>;
  /** Makes a path of a script absolute: relative ones start at the folder of the script (`source`) they stand in. */
  readonly resolvePath: (text: string, source: number) => string;
  readonly signal: AbortSignal;
  /** Told when an operator starts to wait for a model, and when it has it; once for each model. */
  readonly listener: Listener;
  /** Lines that operators log, and warnings. */
  readonly log: (operator: string, level: 'log' | 'warn', message: string) => void;
  /** Of the random numbers that operators draw. */
  readonly seed: string;
  readonly now: () => number;
}

/** Gives the engine what runs a call. All methods throw or reject with a RunError where the call cannot be run. */
export interface OperatorLibrary {
  /** One worker's runner; its answers' vectors are `call.outputs`, in order. `memoise`: a model is asked once for equal inputs. */
  readonly processor: (call: BoundOperator, worker: number, memoise?: boolean) => ProcessorRunner;
  /** One worker's runner of a REDUCE or COMBINE operator. */
  readonly group: (call: BoundOperator, worker: number) => GroupRunner;
  readonly reader: (call: BoundOperator) => Promise<Reader>;
  readonly writer: (call: BoundOperator) => Promise<Writer>;
  /** A function of a module, by the module's path and its exported name; whoever calls it checks what it gives. */
  readonly fn: (module: string, name: string) => (...args: readonly Value[]) => unknown;
}

export function operatorLibrary(options: LibraryOptions): OperatorLibrary {
  const open = modelOpener(options);
  const live = (call: BoundOperator, worker: number, random = randomOf(options, call, worker)): OperatorCall => ({
    signature: call.signature,
    operator: exported(options, call.signature.module ?? '', call.signature.name),
    options: new Map(call.options),
    context: contextOf(options, open, call, worker, random),
  });
  const disk = options.disk ?? diskFiles;
  const readers = createReaders(disk);
  return {
    processor: (call, worker, memoise) => {
      const random = randomOf(options, call, worker);
      if (call.signature.module === null)
        return modelRunner(call, contextOf(options, open, call, worker, random), memoise);
      return { ...processorRunner(live(call, worker, random), call.outputs), random };
    },
    group: (call, worker) => {
      const random = randomOf(options, call, worker);
      return { ...groupRunner(live(call, worker, random), call.outputs), random };
    },
    reader: async (call) =>
      call.signature.module === null ? builtIn(readers, call) : extractReader(live(call, 0), disk),
    writer: async (call) => (call.signature.module === null ? builtIn(writers, call) : outputWriter(live(call, 0))),
    fn: (module, name) => {
      const live = exported(options, module, name);
      return (...args) => (typeof live === 'function' ? Reflect.apply(live, undefined, args) : undefined);
    },
  };
}

function builtIn<T>(table: ReadonlyMap<string, T>, { signature }: BoundOperator): T {
  const found = table.get(signature.name);
  if (found === undefined) throw new RunError('PR3010', `there is no built-in ${signature.name}`);
  return found;
}

function exported({ modules }: LibraryOptions, module: string, name: string): object {
  const found = modules.get(module)?.exports.get(name);
  if (found === undefined) throw notLoaded(module, name);
  return found;
}

function notLoaded(module: string, name: string): RunError {
  return new RunError('PR3010', `${name} of ${module} is not loaded`);
}

function randomOf({ seed }: LibraryOptions, { signature, span }: BoundOperator, worker: number): RandomNumbers {
  return countedRandom(JSON.stringify([seed, signature.name, span.source, span.start, worker]));
}

function contextOf(
  options: LibraryOptions,
  open: ModelOpener,
  call: BoundOperator,
  worker: number,
  random: RandomNumbers,
): OperatorContext {
  const operator = call.signature.name;
  const { signal, now, log, resolvePath } = options;
  const { source } = call.span;
  return {
    operator,
    worker,
    signal,
    now,
    resolvePath: (path) => resolvePath(path, source),
    log: (message) => log(operator, 'log', message),
    warn: (message) => log(operator, 'warn', message),
    random: random.next,
    model: (task, model, settings = {}) => open(call, { task, model, settings }),
  };
}

interface WantedModel {
  readonly task: string;
  readonly model: string;
  readonly settings: JsonObject;
}

type ModelOpener = (call: BoundOperator, wanted: WantedModel) => Promise<Model>;

function modelOpener(options: LibraryOptions): ModelOpener {
  const told = new Set<string>();
  return async (call, { task, model, settings }) => {
    const source = modelSource(model, options.resolvePath('.', call.span.source));
    const spec = { task, source, options: settings };
    const key = JSON.stringify(spec);
    const first = !told.has(key);
    told.add(key);
    const start = options.now();
    if (first) options.listener({ kind: 'model-loading', model });
    const opened = await (await options.models()).open(spec, options.signal);
    if (first) options.listener({ kind: 'model-loaded', model, milliseconds: options.now() - start });
    return counted(opened, model, options.listener);
  };
}

/** The model, telling after each call what its answers came from. */
function counted(model: Model, name: string, listener: Listener): Model {
  const { spec, digest } = model;
  return {
    spec,
    digest,
    get description() {
      return model.description;
    },
    counts: () => model.counts(),
    infer: async (texts, options) => {
      try {
        return await model.infer(texts, options);
      } finally {
        const { asked, shared, cached, computed } = model.counts();
        listener({ kind: 'model-asked', model: name, digest, asked, shared, cached, computed });
      }
    },
  };
}
