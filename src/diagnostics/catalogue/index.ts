/** The one table of all diagnostics of the compiler: code → facts → message. docs/diagnostics.md is made from it. */
import type { Diagnostic, RelatedPlace } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import type { Entry } from './entry.ts';
import { files } from './files.ts';
import { modules } from './modules.ts';
import { names } from './names.ts';
import { operators } from './operators.ts';
import { outputs } from './outputs.ts';
import { planner } from './planner.ts';
import { repairs } from './repairs.ts';
import { rowsets } from './rowsets.ts';
import { syntax } from './syntax.ts';
import { types } from './types.ts';

export const catalogue = {
  ...files,
  ...syntax,
  ...names,
  ...operators,
  ...rowsets,
  ...outputs,
  ...types,
  ...repairs,
  ...modules,
  ...planner,
} as const;

export type Code = keyof typeof catalogue;

/** The facts that the message of a code is made from. */
export type Facts<C extends Code> = (typeof catalogue)[C] extends Entry<infer P> ? P : never;

/** Makes the diagnostic of a code at a place; the facts are checked against the catalogue by type. */
export function diagnostic<C extends Code>(
  code: C,
  span: Span,
  facts: Facts<C>,
  related: readonly RelatedPlace[] = [],
): Diagnostic {
  const { severity, message, help } = catalogue[code] as unknown as Entry<Facts<C>>;
  return { kind: 'diagnostic', code, severity, message: message(facts), help: help?.(facts) ?? null, span, related };
}
