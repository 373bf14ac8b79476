import { parseExpression } from '../../parser/parse.ts';
import { CompileError } from '../errors.ts';
import type { GivenExpression, WrittenScript } from './script-writer.ts';

/** Throws a CompileError where a text is no single expression: what it holds besides would become statements of the job. */
export function checkExpressions({ text }: WrittenScript, given: readonly GivenExpression[]): void {
  for (const { text: expression, call } of given) {
    const source = { name: call, text: expression };
    const { diagnostics } = parseExpression(source);
    if (diagnostics.length === 0) continue;
    throw new CompileError(diagnostics, [source, { name: 'the job', text }], () => call);
  }
}
