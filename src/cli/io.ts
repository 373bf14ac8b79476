/** The streams and the environment that commands see, with what they may use of colour and width. */
import { Chalk } from 'chalk';
import type { ChalkInstance, ColorSupportLevel } from 'chalk';
import { EXIT } from './exit.ts';

export interface Channel {
  readonly chalk: ChalkInstance;
  /** A person looks at it, and it can be redrawn. */
  readonly terminal: boolean;
  write(text: string): void;
  /** Cells of a line, lines of the screen; asked for anew each time, because windows are resized. */
  width(): number;
  height(): number;
}

export interface Io {
  /** Results: what a user may pipe on. */
  readonly out: Channel;
  /** Messages, diagnostics of a run, progress. */
  readonly err: Channel;
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const USUAL_WIDTH = 80;
const NARROWEST = 20;
const USUAL_HEIGHT = 24;

function isColorLevel(level: number): level is ColorSupportLevel {
  return level === 0 || level === 1 || level === 2 || level === 3;
}

/** FORCE_COLOR (0 to 3, true, false), then NO_COLOR (https://no-color.org), then what the terminal can. */
export function colourLevel(env: Io['env'], terminal: boolean, depth: number): ColorSupportLevel {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) {
    if (forced === 'false') return 0;
    const level = forced === '' || forced === 'true' ? 1 : Math.min(3, Number(forced));
    return isColorLevel(level) ? level : 1;
  }
  if ((env['NO_COLOR'] ?? '') !== '' || !terminal || env['TERM'] === 'dumb') return 0;
  if (depth >= 24) return 3;
  return depth >= 8 ? 2 : depth > 1 ? 1 : 0;
}

function sane(size: number | undefined, usual: number, least: number): number {
  return size === undefined || !Number.isFinite(size) || size <= 0 ? usual : Math.max(least, Math.floor(size));
}

function channelOf(stream: NodeJS.WriteStream, env: Io['env']): Channel {
  const terminal = stream.isTTY;
  const depth = terminal ? stream.getColorDepth({ ...env }) : 1;
  return {
    chalk: new Chalk({ level: colourLevel(env, terminal, depth) }),
    terminal: terminal && env['TERM'] !== 'dumb',
    write: (text) => void stream.write(text),
    width: () => sane(terminal ? stream.columns : undefined, USUAL_WIDTH, NARROWEST),
    height: () => sane(terminal ? stream.rows : undefined, USUAL_HEIGHT, 2),
  };
}

/** The streams of this process. A reader that goes away (`| head`) ends it without a word, a full disk behind `>` with one. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      if (stream === stdout) stderr.write(`error: standard output cannot be written: ${error.message}\n`);
      process.exit(EXIT.jobFailed);
    });
  }
  return { out: channelOf(stdout, env), err: channelOf(stderr, env), stdin, env };
}
