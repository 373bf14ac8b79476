import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Expr, Name, SetOption } from '../../parser/ast.ts';
import { SETTINGS, type Setting } from '../closed-tables.ts';
import { report, type Environment } from '../environment.ts';
import type { Value } from '../types.ts';
import { constantCount, constantOf } from '../typing.ts';

/** SET option = literal. */
export function checkSet(env: Environment, { option, value }: SetOption): void {
  const setting = SETTINGS.get(option.text);
  if (setting === undefined) {
    const known = [...SETTINGS.keys()];
    const suggestion = didYouMean(option.text, known);
    report(env, 'PS2037', option.span, { name: option.text, suggestion, known });
    return;
  }
  if (env.settings.has(option.text)) report(env, 'PS2058', option.span, { name: option.text });
  const found = settingValue(env, option, setting, value);
  if (found !== undefined) env.settings.set(option.text, found);
}

/** The value of a setting or hint; undefined where it does not fit, which is reported. */
export function settingValue(env: Environment, name: Name, setting: Setting, value: Expr): Value | undefined {
  if (setting.least === null) {
    const constant = constantOf(env, value, setting.type, name.text);
    if (typeof constant !== 'string' || setting.fits?.(constant) !== false) return constant;
    report(env, 'PS2063', value.span, { name: name.text, value: constant });
    return undefined;
  }
  return constantCount(env, value, name.text, setting.least) ?? undefined;
}
