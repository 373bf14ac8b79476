import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Checked } from '../../src/diagnostics/render/format.ts';

/** A script with the wrong place between `«` and `»`, and the diagnostic that a test wants there. */
export function found(marked: string, facts: Partial<Omit<Diagnostic, 'span'>> = {}, name = 'job.scope'): Checked {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  if (start === -1 || end < start) throw new Error('mark the wrong place: «here»');
  const diagnostic: Diagnostic = {
    kind: 'diagnostic',
    code: 'PS1001',
    severity: 'error',
    message: 'no good',
    help: null,
    related: [],
    ...facts,
    span: { source: 0, start, end },
  };
  return { sources: [{ name, text: marked.replaceAll(/[«»]/g, '') }], diagnostics: [diagnostic] };
}
