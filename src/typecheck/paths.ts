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
  const plain = new Map(filesRead.map((file) => [file.pattern, file]));
  // The text before the first wildcard rules out nearly all pairs.
  const patterns = filesRead.flatMap((file) => {
    const wildcard = file.pattern.search(/[*{]/);
    return wildcard < 0 ? [] : [{ file, start: file.pattern.slice(0, wildcard) }];
  });
  for (const output of written.values()) {
    const meets = ({ file, start }: (typeof patterns)[number]) =>
      output.path.startsWith(start) && patternsMeet(file.pattern, output.path);
    const read = plain.get(output.path) ?? patterns.find(meets)?.file;
    if (read === undefined) continue;
    const related = [{ message: 'it is read here', span: read.span }];
    report(env, 'PS2023', output.span, { path: output.pathText, reading: read.text }, related);
  }
  for (const { expect } of outputs) {
    if (expect !== null && written.has(expect.truth)) report(env, 'PS2053', expect.span, { path: expect.truthText });
  }
}
