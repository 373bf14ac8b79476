import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { ModelError, textOf } from './errors.ts';

/** File name endings by dtype, as transformers.js has them, in the order in which we prefer them. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['fp32', ''],
  ['q8', '_quantized'],
  ['fp16', '_fp16'],
  ['int8', '_int8'],
  ['uint8', '_uint8'],
  ['q4', '_q4'],
  ['q4f16', '_q4f16'],
  ['bnb4', '_bnb4'],
]);

/** The operator family that scales a whole batch by its largest value, so that one text changes another's answer. */
const DYNAMIC = Buffer.from('DynamicQuantize');

/** A model folder that has all it needs. */
export interface ModelFolder {
  readonly folder: string;
  readonly dtype: string;
  /** Bytes of the ONNX files of this dtype. */
  readonly bytes: number;
  /** SHA-256 over the names and contents of all files that loading reads. */
  readonly digest: string;
  /** Whether activations are quantised by the batch they are in. */
  readonly dynamic: boolean;
  /** Whether generation_config.json asks for words drawn by chance. */
  readonly samples: boolean;
  /** The class names in config.json that say what the model was made for; empty where it does not. */
  readonly architectures: readonly string[];
}

/**
 * Looks at a folder before anything is loaded from it.
 *
 * @param written the model as the script wrote it, for messages
 * @param wanted a dtype, or null for what config.json names
 * @param fallback the dtype where neither names one; null for the first that is there
 * @throws ModelError PR4001, PR4002, with all that is missing at once
 */
export async function inspectFolder(
  written: string,
  folder: string,
  wanted: string | null,
  fallback: string | null = null,
): Promise<ModelFolder> {
  const names = await namesIn(folder);
  if (names === null) {
    throw new ModelError(written, {
      code: 'PR4001',
      message: `model '${written}' is not there`,
      tried: [`folder ${folder}`],
      help: `${await neighbour(folder)}a model folder holds config.json, tokenizer.json and onnx/*.onnx; paths start at the folder of the script`,
    });
  }
  const graphs = ((await namesIn(join(folder, 'onnx'))) ?? []).filter((name) => name.endsWith('.onnx'));
  const missing = ['config.json', 'tokenizer.json'].filter((name) => !names.includes(name));
  if (graphs.length === 0) missing.push('onnx/*.onnx');
  if (missing.length > 0) throw incomplete(written, folder, missing, null);

  const config = await readConfig(written, folder);
  const dtype = wanted ?? config.dtype ?? fallback ?? firstOf(graphs);
  const suffix = SUFFIXES.get(dtype);
  const chosen = graphs.filter((name) => suffix !== undefined && dtypeOf(name) === dtype);
  if (chosen.length === 0) {
    const there = [...new Set(graphs.map(dtypeOf))].join(', ');
    const file = suffix === undefined ? `an ONNX file of dtype '${dtype}'` : `onnx/*${suffix}.onnx (dtype ${dtype})`;
    throw incomplete(written, folder, [file], `the folder has dtype ${there}`);
  }
  const { architectures } = config;
  return {
    folder,
    dtype,
    architectures,
    samples: names.includes(GENERATION) && (await samplesBy(join(folder, GENERATION))),
    ...(await readAll(folder, settings(names), await withWeights(folder, chosen))),
  };
}

/** The folder beside it that was probably meant. */
async function neighbour(folder: string): Promise<string> {
  const meant = didYouMean(basename(folder), (await namesIn(dirname(folder))) ?? []);
  return meant === null ? '' : `did you mean ${meant}? `;
}

async function namesIn(folder: string): Promise<readonly string[] | null> {
  return readdir(folder).then(
    (names) => names.toSorted(),
    () => null,
  );
}

function incomplete(written: string, folder: string, missing: readonly string[], help: string | null): ModelError {
  return new ModelError(written, {
    code: 'PR4002',
    message: `model '${written}' lacks ${missing.join(', ')}`,
    tried: missing.map((name) => join(folder, name)),
    help: help ?? 'a model folder holds config.json, tokenizer.json and onnx/*.onnx',
  });
}

interface Config {
  /** What config.json asks for under `transformers.js_config`, if it asks for one. */
  readonly dtype: string | null;
  readonly architectures: readonly string[];
}

async function readConfig(written: string, folder: string): Promise<Config> {
  const path = join(folder, 'config.json');
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    const dtype = property(property(config, 'transformers.js_config'), 'dtype');
    const names = property(config, 'architectures');
    return {
      dtype: typeof dtype === 'string' ? dtype : null,
      architectures: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
    };
  } catch (thrown) {
    throw new ModelError(
      written,
      {
        code: 'PR4005',
        message: `model '${written}' has a config.json that cannot be read: ${textOf(thrown)}`,
        tried: [path],
        help: null,
      },
      thrown,
    );
  }
}

const GENERATION = 'generation_config.json';

/** A file that cannot be read is an error of loading, which comes next. */
async function samplesBy(path: string): Promise<boolean> {
  try {
    return property(JSON.parse(await readFile(path, 'utf8')), 'do_sample') === true;
  } catch {
    return false;
  }
}

function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(key);
}

function firstOf(graphs: readonly string[]): string {
  const there = new Set(graphs.map(dtypeOf));
  return [...SUFFIXES.keys()].find((dtype) => there.has(dtype)) ?? 'fp32';
}

function dtypeOf(graph: string): string {
  const stem = graph.slice(0, -'.onnx'.length);
  for (const [dtype, suffix] of SUFFIXES) if (suffix !== '' && stem.endsWith(suffix)) return dtype;
  return 'fp32';
}

/** The small files that transformers.js reads; a model card, or what another tool left there, decides nothing. */
function settings(names: readonly string[]): readonly string[] {
  const read = ['config.json', GENERATION, 'tokenizer.json', 'tokenizer_config.json'];
  return read.filter((name) => names.includes(name));
}

/** The graphs of one dtype and the weight files beside them (`model.onnx_data`, `model.onnx_data_1`). */
async function withWeights(folder: string, graphs: readonly string[]): Promise<readonly string[]> {
  const names = (await namesIn(join(folder, 'onnx'))) ?? [];
  return names.filter((name) => graphs.some((graph) => name === graph || name.startsWith(`${graph}_data`)));
}

async function readAll(
  folder: string,
  small: readonly string[],
  onnx: readonly string[],
): Promise<{ readonly bytes: number; readonly digest: string; readonly dynamic: boolean }> {
  const whole = createHash('sha256');
  let [bytes, dynamic] = [0, false];
  for (const name of small) {
    whole.update(`${name}\0${(await readOne(join(folder, name))).digest}\0`);
  }
  for (const name of onnx) {
    const file = await readOne(join(folder, 'onnx', name));
    whole.update(`onnx/${name}\0${file.digest}\0`);
    bytes += file.bytes;
    dynamic ||= file.dynamic;
  }
  return { bytes, digest: whole.digest('hex'), dynamic };
}

/** One pass over a file in chunks: weights may be larger than what a buffer can hold. */
async function readOne(
  path: string,
): Promise<{ readonly bytes: number; readonly digest: string; readonly dynamic: boolean }> {
  const hash = createHash('sha256');
  let [bytes, dynamic] = [0, false];
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const block: Buffer = chunk;
    hash.update(block);
    bytes += block.length;
    dynamic ||= Buffer.concat([tail, block]).includes(DYNAMIC);
    tail = block.subarray(Math.max(0, block.length - DYNAMIC.length + 1));
  }
  return { bytes, digest: hash.digest('hex'), dynamic };
}
