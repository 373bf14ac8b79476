import { report, type Environment } from './environment.ts';
import { patternsMeet } from './path-pattern.ts';
import type { TypedOutput } from './typed.ts';

/** Two OUTPUTs to one path, an OUTPUT onto an input, and a ground truth that is written. */
export function checkPaths(env: Environment): void {
  const { outputs, filesRead } = env.compilation;
  const written = new Map<string, TypedOutput>();
  for (const output of outputs) {
    const first = written.get(output.path);
    if (first !== undefined) {
      const related = [{ message: 'the first OUTPUT to it', span: first.span }];
      report(env, 'PS2022', output.span, { path: output.pathText }, related);
    } else written.set(output.path, output);
  }
  const patterns = new Map(filesRead.map((file) => [file.pattern, file]));
  for (const output of written.values()) {
    const read =
      patterns.get(output.path) ??
      filesRead.find(({ pattern }) => isPattern(pattern) && patternsMeet(pattern, output.path));
    if (read === undefined) continue;
    const related = [{ message: 'it is read here', span: read.span }];
    report(env, 'PS2023', output.span, { path: output.pathText, reading: read.text }, related);
  }
  for (const { expect } of outputs) {
    if (expect !== null && written.has(expect.truth)) report(env, 'PS2053', expect.span, { path: expect.truthText });
  }
}

/**
 * Plain paths are compared by the map; only patterns need matching. An OUTPUT into one file per value meets a plain input only if there is
 * such a value, which the run finds.
 */
function isPattern(pattern: string): boolean {
  return /[*{]/.test(pattern);
}
