/** `out.csv:17`: a line of a file, as `why` and `why-not` take it. */
import { UsageError } from '../exit.ts';

export interface Target {
  readonly file: string;
  /** From 1; null where none is given. */
  readonly line: number | null;
}

export function targetOf(text: string): Target {
  const match = /^(.+):(\d{1,15})$/su.exec(text);
  if (match === null) return { file: text, line: null };
  const line = Number(match[2]);
  if (line === 0) throw new UsageError(`${JSON.stringify(text)}: lines are counted from 1`);
  return { file: match[1] ?? '', line };
}

/** @throws UsageError */
export function lineOf({ file, line }: Target, command: string): number {
  if (line !== null) return line;
  throw new UsageError(`say which line is meant: pyscope ${command} ${file}:17`);
}
