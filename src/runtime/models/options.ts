import { ModelError } from './errors.ts';
import type { Json, JsonObject, ModelSpec } from './model.ts';
import type { Task } from './tasks.ts';
import { textTasks } from './tasks.ts';

/** A spec's options, sorted into those of loading and those of each call. */
export interface ReadOptions {
  readonly task: Task;
  readonly dtype: string | null;
  readonly revision: string;
  readonly allowRemote: boolean;
  readonly batching: 'exact' | 'padded';
  /** Sorted by key, so that equal options have equal JSON. */
  readonly call: JsonObject;
}

/** Checks a spec without touching a file; throws ModelError PR4006. */
export function readOptions(spec: ModelSpec): ReadOptions {
  const task = textTasks.get(spec.task);
  if (task === undefined) {
    throw wrong(spec, `has no task '${spec.task}'`, `tasks over text are ${[...textTasks.keys()].join(', ')}`);
  }
  const rest = new Map(Object.entries(spec.options).map(([key, value]) => [snakeCase(key), value]));
  const take = (key: string): Json => {
    const value = rest.get(key) ?? null;
    rest.delete(key);
    return value;
  };
  const dtype = take('dtype');
  if (dtype !== null && typeof dtype !== 'string') throw wrong(spec, 'takes dtype as a string', "for example 'q8'");
  const revision = take('revision') ?? 'main';
  if (typeof revision !== 'string') throw wrong(spec, 'takes revision as a string', "for example 'main'");
  const allowRemote = take('allow_remote') ?? false;
  if (typeof allowRemote !== 'boolean') throw wrong(spec, 'takes allow_remote as true or false', null);
  const batching = take('batching') ?? 'exact';
  if (batching !== 'exact' && batching !== 'padded') throw wrong(spec, "takes batching as 'exact' or 'padded'", null);
  if (task.needs !== undefined && !rest.has(task.needs)) {
    throw wrong(spec, `needs the option ${task.needs} for ${spec.task}`, `add ${task.needs} = …`);
  }
  const call = Object.fromEntries([...rest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { task, dtype, revision, allowRemote, batching, call };
}

/**
 * Whether answers may differ from call to call: then nothing is shared between equal texts, and nothing kept.
 *
 * @param samples what the model's own generation_config.json says where the call does not
 */
export function draws(call: JsonObject, samples: boolean): boolean {
  return (call['do_sample'] ?? samples) === true;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function wrong(spec: ModelSpec, what: string, help: string | null): ModelError {
  const { written } = spec.source;
  return new ModelError(written, { code: 'PR4006', message: `model '${written}' ${what}`, tried: [], help });
}
