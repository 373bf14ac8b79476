import type { Production, Rule } from './productions.ts';

/** What the tokens are that have no single spelling. */
const LEXICAL = `NameToken      = identifier of ECMAScript that is no keyword | "\`" any characters but "\`" and line breaks "\`" ;
MemberToken    = NameToken | any keyword ;
ParameterName  = "@" letters, digits, "_" and "$" ;
StringToken    = string literal of ECMAScript, between " or ' ;
NumberToken    = numeric literal of ECMAScript in strict mode, without the n of bigints ;
`;

/** ISO 14977: { } none or more, [ ] none or one, , sequence. */
export function ebnf(rules: readonly Rule[]): string {
  const head = '(* The grammar of PYSCOPE, made from the parser by scripts/grammar.ts. *)\n\n';
  return `${head}${rules.map(ruleText).join('\n')}\n(* Tokens *)\n\n${LEXICAL}`;
}

function ruleText({ name, body }: Rule): string {
  if (body.kind !== 'choice') return `${name} = ${text(body)} ;\n`;
  return `${name}\n  = ${body.options.map((option) => text(option)).join('\n  | ')} ;\n`;
}

function text(production: Production): string {
  switch (production.kind) {
    case 'token':
      return production.literal ? JSON.stringify(production.text) : production.text;
    case 'rule':
      return production.name;
    case 'sequence':
      return production.parts.map(grouped).join(' , ');
    case 'choice':
      return production.options.map(text).join(' | ');
    case 'optional':
      return `[ ${text(production.part)} ]`;
    case 'repeat': {
      const { part, least, separator } = production;
      if (separator !== null) {
        const list = `${grouped(part)} , { ${text(separator)} , ${grouped(part)} }`;
        return least === 0 ? `[ ${list} ]` : list;
      }
      return least === 0 ? `{ ${text(part)} }` : `${grouped(part)} , { ${text(part)} }`;
    }
  }
}

function grouped(production: Production): string {
  return production.kind === 'choice' ? `( ${text(production)} )` : text(production);
}
