/** Short forms for the options of built-in operators. */
import type { OptionSignature, OptionType } from '../../../typecheck/signature.ts';
import type { Value } from '../../../typecheck/types.ts';
import { nullable } from '../../../typecheck/types.ts';
import { parseType } from '../type-text.ts';
import type { TypeText } from '../type-text.ts';

interface Facts {
  readonly fallback?: Value;
  readonly oneOf?: readonly Value[];
  readonly required?: boolean;
}

/** An option with a default, or one that is required; without either it is optional, and has no value where it is left out. */
export function option(name: string, type: TypeText | 'columns', doc: string, facts: Facts = {}): OptionSignature {
  const { fallback, oneOf, required = false } = facts;
  return {
    name,
    type: type === 'columns' ? { kind: type } : valueType(type, !required && fallback === undefined),
    required,
    fallback,
    oneOf: oneOf ?? null,
    doc,
  };
}

function valueType(text: TypeText, optional: boolean): OptionType {
  const type = parseType(text);
  if (type === null) throw new Error(`no type ${text}`);
  return optional ? nullable(type) : type;
}
