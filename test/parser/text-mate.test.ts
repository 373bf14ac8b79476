import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tokenize } from '../../src/lexer/tokenize.ts';
import * as T from '../../src/lexer/tokens.ts';

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

function patternsOf(grammar: unknown): readonly Pattern[] {
  if (typeof grammar !== 'object' || grammar === null || !('patterns' in grammar)) throw new Error('no patterns');
  const { patterns } = grammar;
  if (!Array.isArray(patterns)) throw new Error('no patterns');
  return patterns.filter((one: unknown): one is Pattern => typeof one === 'object' && one !== null);
}

const file = new URL('../../grammar/pyscope.tmLanguage.json', import.meta.url);
const patterns = patternsOf(JSON.parse(readFileSync(file, 'utf8')));

/** The scope of each character, as an editor gives it: at every place the pattern that matches first, of those the one listed first. */
function scopesOf(text: string): readonly string[] {
  const scopes = Array.from<string>({ length: text.length }).fill('');
  let at = 0;
  while (at < text.length) {
    const found = firstMatch(text, at);
    if (found === null) break;
    const { pattern, match } = found;
    const end = endOf(text, pattern, match);
    scopes.fill(pattern.name ?? '', match.index, end);
    for (const [group, { name }] of Object.entries(pattern.captures ?? {})) {
      const part = match.indices?.[Number(group)];
      if (part !== undefined) scopes.fill(name, part[0], part[1]);
    }
    at = Math.max(end, match.index + 1);
  }
  return scopes;
}

function firstMatch(text: string, at: number): { readonly pattern: Pattern; readonly match: RegExpExecArray } | null {
  let first: { readonly pattern: Pattern; readonly match: RegExpExecArray } | null = null;
  for (const pattern of patterns) {
    const expression = new RegExp(pattern.match ?? pattern.begin ?? '(?!)', 'dgmu');
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (match !== null && (first === null || match.index < first.match.index)) first = { pattern, match };
  }
  return first;
}

/** Behind the match, or behind the end of what it begins; a character behind a backslash ends nothing. */
function endOf(text: string, pattern: Pattern, match: RegExpExecArray): number {
  const start = match.index + match[0].length;
  if (pattern.end === undefined) return start;
  const end = new RegExp(`\\\\[^]|(${pattern.end})`, 'dgmu');
  end.lastIndex = start;
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    const part = found.indices?.[1];
    if (part !== undefined) return part[1];
  }
  return text.length;
}

const EXPECTED: readonly (readonly [(token: T.Token) => boolean, RegExp])[] = [
  [({ tokenType }) => tokenType === T.StringToken, /^string\./],
  [({ tokenType }) => tokenType === T.NumberToken, /^constant\.numeric/],
  [({ tokenType }) => tokenType === T.ParameterName, /^variable\.parameter/],
  [({ tokenType }) => tokenType === T.QuotedName, /^variable\.other\.quoted/],
  [({ tokenType }) => tokenType === T.LineComment || tokenType === T.BlockComment, /^comment\./],
  [({ image }) => /^(?:true|false|null)$/.test(image), /^constant\.language/],
  [({ tokenType }) => T.KEYWORDS.get(tokenType.name) === tokenType, /^keyword\./],
  [({ tokenType }) => tokenType === T.Identifier, /^(?!keyword|string|comment|constant)/],
];

const folder = new URL('../../samples/', import.meta.url);
const scripts = new Map(
  readdirSync(folder)
    .map((name): [string, URL] => [name, new URL(`${name}/job.scope`, folder)])
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => [name, readFileSync(path, 'utf8')]),
);
scripts.set(
  'a script of oddities',
  'a = EXTRACT `FROM x`: string, count: int FROM "a\\"b.csv"; /* SELECT\n"x */ b = a WHERE count > 0x1F && 1.5e-3 < x.length; // "open\nDECLARE @SELECT: int = 1_000;',
);

describe('the TextMate grammar', () => {
  for (const [name, text] of scripts) {
    it(`colours ${name} as the lexer reads it`, () => {
      const scopes = scopesOf(text);
      const { tokens, comments } = tokenize({ name, text }, 0);
      let told = 0;
      for (const token of [...tokens, ...comments]) {
        const wanted = EXPECTED.find(([holds]) => holds(token))?.[1];
        if (wanted === undefined) continue;
        const scope = scopes[token.startOffset] ?? '';
        expect(scope, `${token.image} at ${token.startOffset}`).to.match(wanted);
        told += 1;
      }
      expect(told).to.be.greaterThan(10);
    });
  }
});
