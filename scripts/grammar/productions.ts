/** The rules that Chevrotain recorded, as plain data. */
import type { Grammar } from '../../src/parser/grammar/statements.ts';
import { ALL_TOKENS } from '../../src/lexer/tokens.ts';

export type Production =
  | { readonly kind: 'token'; readonly text: string; readonly literal: boolean }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Production[] }
  | { readonly kind: 'choice'; readonly options: readonly Production[] }
  | { readonly kind: 'optional'; readonly part: Production }
  /** None or more where `least` is 0, else one or more; `separator` stands between two. */
  | { readonly kind: 'repeat'; readonly part: Production; readonly least: 0 | 1; readonly separator: Production | null };

export interface Rule {
  readonly name: string;
  readonly body: Production;
}

/** As Chevrotain serialises its grammar; its own type leaves the fields open. */
interface Gast {
  readonly type: string;
  readonly name?: string;
  readonly definition?: readonly Gast[];
  readonly separator?: Gast;
}

/** In the order in which one reads them: each rule behind the first that mentions it. */
export function productionsOf(grammar: Grammar): readonly Rule[] {
  const gasts: readonly Gast[] = grammar.getSerializedGastProductions();
  const rules = new Map(gasts.map((gast) => [gast.name ?? '', sequence(gast.definition)]));
  const order: Rule[] = [];
  const visit = (name: string): void => {
    const body = rules.get(name);
    if (body === undefined || order.some((rule) => rule.name === name)) return;
    order.push({ name, body });
    for (const mentioned of mentions(body)) visit(mentioned);
  };
  visit('script');
  return order;
}

function mentions(production: Production): readonly string[] {
  switch (production.kind) {
    case 'token':
      return [];
    case 'rule':
      return [production.name];
    case 'sequence':
      return production.parts.flatMap(mentions);
    case 'choice':
      return production.options.flatMap(mentions);
    case 'optional':
      return mentions(production.part);
    case 'repeat':
      return mentions(production.part);
  }
}

function sequence(definition: readonly Gast[] = []): Production {
  const parts = definition.map(production);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts };
}

function production(gast: Gast): Production {
  const { name = '', definition } = gast;
  const inner = (): Production => sequence(definition);
  switch (gast.type) {
    case 'NonTerminal':
      return { kind: 'rule', name };
    case 'Terminal':
      return terminal(name);
    case 'Option':
      return { kind: 'optional', part: inner() };
    case 'Alternation':
      return { kind: 'choice', options: (definition ?? []).map(production) };
    case 'Repetition':
      return { kind: 'repeat', part: inner(), least: 0, separator: null };
    case 'RepetitionMandatory':
      return { kind: 'repeat', part: inner(), least: 1, separator: null };
    case 'RepetitionWithSeparator':
      return { kind: 'repeat', part: inner(), least: 0, separator: separatorOf(gast) };
    case 'RepetitionMandatoryWithSeparator':
      return { kind: 'repeat', part: inner(), least: 1, separator: separatorOf(gast) };
    default:
      return inner();
  }
}

function separatorOf({ separator }: Gast): Production | null {
  return separator === undefined ? null : terminal(separator.name ?? '');
}

/** Tokens with one spelling stand as that; the others by their name. */
function terminal(name: string): Production {
  const pattern = ALL_TOKENS.find((token) => token.name === name)?.PATTERN;
  if (typeof pattern === 'string') return { kind: 'token', text: pattern, literal: true };
  const text = SPELT.get(name);
  return text === undefined ? { kind: 'token', text: name, literal: false } : { kind: 'token', text, literal: true };
}

/** Tokens whose pattern also takes wrong spellings, or looks ahead. */
const SPELT: ReadonlyMap<string, string> = new Map([
  ['Equal', '=='],
  ['NotEqual', '!='],
  ['OptionalDot', '?.'],
]);
