import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { HintClause } from '../../parser/ast.ts';
import { HINTS } from '../closed-tables.ts';
import { replaceRowset, report, rowsetOf, type Environment } from '../environment.ts';
import { settingValue } from '../statements/set.ts';
import type { RowsetId } from '../typed.ts';
import type { Value } from '../types.ts';

/** Adds the hints of a clause to the step it stands behind; null where the rowset is only named here. */
export function applyHints(env: Environment, clause: HintClause, id: RowsetId | null): void {
  const hints = new Map<string, Value>(id === null ? [] : rowsetOf(env, id).hints);
  for (const { name, value } of clause.hints) {
    const hint = HINTS.get(name.text);
    if (hint === undefined) {
      const known = [...HINTS.keys()];
      report(env, 'PS2038', name.span, { name: name.text, suggestion: didYouMean(name.text, known), known });
      continue;
    }
    if (hints.has(name.text)) report(env, 'PS2058', name.span, { name: name.text });
    const found = settingValue(env, name, hint, value);
    if (found !== undefined) hints.set(name.text, found);
  }
  if (id === null) report(env, 'PS2059', clause.span, {});
  else replaceRowset(env, { ...rowsetOf(env, id), hints: [...hints] });
}
