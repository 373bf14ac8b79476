/** The token types of PYSCOPE. The parser, the TextMate grammar and the "did you mean" of keywords all read this list. */
import type { IToken, TokenType } from 'chevrotain';
import { createToken, Lexer } from './chevrotain.ts';
import { matchBlockComment, matchIdentifier, matchRegexLiteral, NAME_START_HINT } from './patterns.ts';

export type Token = IToken;

/** What may stand where the grammar says `name`: an identifier or a name between backticks. */
export const NameToken = createToken({ name: 'NameToken', label: 'a name', pattern: Lexer.NA });

/** What may stand behind a point: any word, a keyword too. */
export const MemberToken = createToken({ name: 'MemberToken', label: 'the name of a member', pattern: Lexer.NA });

export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: { exec: matchIdentifier },
  start_chars_hint: NAME_START_HINT,
  line_breaks: false,
  categories: [NameToken, MemberToken],
});

export const QuotedName = createToken({
  name: 'QuotedName',
  label: 'a name',
  pattern: /`[^`\n\r]*`?/,
  categories: [NameToken, MemberToken],
});

/** `@name`; a bare `@` is matched too, so that it gets a message of its own. */
export const ParameterName = createToken({
  name: 'ParameterName',
  label: 'a parameter (@name)',
  pattern: /@[\w$]*/,
});

export const StringToken = createToken({
  name: 'StringToken',
  label: 'a string',
  pattern: /"(?:[^"\\\n\r]|\\(?:\r\n|[\s\S]))*"?|'(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*'?/,
  line_breaks: true,
});

/** Wider than what is a number, so that `3px`, `1__0` and `0x` are one token with one message. */
export const NumberToken = createToken({
  name: 'NumberToken',
  label: 'a number',
  pattern: /0[xXoObB][\w$]*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[\w$]*/,
});

export const RegexToken = createToken({
  name: 'RegexToken',
  label: 'a regular expression',
  pattern: { exec: matchRegexLiteral },
  start_chars_hint: ['/'],
  line_breaks: false,
});

const WhiteSpace = createToken({ name: 'WhiteSpace', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const comment = { group: 'comments' } as const;
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n\r]*/, ...comment });
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: { exec: matchBlockComment },
  start_chars_hint: ['/'],
  line_breaks: true,
  ...comment,
});
/** `-- …` and `# …`: comments elsewhere, reported and then read as comments here. */
export const ForeignComment = createToken({ name: 'ForeignComment', pattern: /(?:--|#)[^\n\r]*/, ...comment });

// ── Keywords ────────────────────────────────────────────────────────────────────────────────────────────────────────

const keywords = new Map<string, TokenType>();

function keyword(word: string): TokenType {
  const token = createToken({
    name: word,
    label: word,
    pattern: word,
    longer_alt: Identifier,
    categories: [MemberToken],
  });
  keywords.set(word, token);
  return token;
}

export const Abort = keyword('ABORT');
export const All = keyword('ALL');
export const And = keyword('AND');
export const Anti = keyword('ANTI');
export const Append = keyword('APPEND');
export const Apply = keyword('APPLY');
export const As = keyword('AS');
export const Asc = keyword('ASC');
export const Assert = keyword('ASSERT');
export const Backoff = keyword('BACKOFF');
export const Between = keyword('BETWEEN');
export const By = keyword('BY');
export const Case = keyword('CASE');
export const Combine = keyword('COMBINE');
export const Cross = keyword('CROSS');
export const Current = keyword('CURRENT');
export const Declare = keyword('DECLARE');
export const Delete = keyword('DELETE');
export const Desc = keyword('DESC');
export const Distinct = keyword('DISTINCT');
export const Drop = keyword('DROP');
export const Edit = keyword('EDIT');
export const Else = keyword('ELSE');
export const End = keyword('END');
export const ErrorWord = keyword('ERROR');
export const Except = keyword('EXCEPT');
export const Expect = keyword('EXPECT');
export const Explode = keyword('EXPLODE');
export const Export = keyword('EXPORT');
export const Extract = keyword('EXTRACT');
export const Following = keyword('FOLLOWING');
export const From = keyword('FROM');
export const Full = keyword('FULL');
export const Group = keyword('GROUP');
export const Having = keyword('HAVING');
export const Hint = keyword('HINT');
export const Import = keyword('IMPORT');
export const In = keyword('IN');
export const Inner = keyword('INNER');
export const Intersect = keyword('INTERSECT');
export const Is = keyword('IS');
export const Join = keyword('JOIN');
export const Keep = keyword('KEEP');
export const Left = keyword('LEFT');
export const Like = keyword('LIKE');
export const Limit = keyword('LIMIT');
export const Message = keyword('MESSAGE');
export const Not = keyword('NOT');
export const NullWord = keyword('NULL');
export const On = keyword('ON');
export const Or = keyword('OR');
export const Order = keyword('ORDER');
export const Outer = keyword('OUTER');
export const Output = keyword('OUTPUT');
export const Over = keyword('OVER');
export const Params = keyword('PARAMS');
export const Partition = keyword('PARTITION');
export const Preceding = keyword('PRECEDING');
export const Presort = keyword('PRESORT');
export const Process = keyword('PROCESS');
export const Produce = keyword('PRODUCE');
export const Reduce = keyword('REDUCE');
export const Retry = keyword('RETRY');
export const Right = keyword('RIGHT');
export const Route = keyword('ROUTE');
export const Row = keyword('ROW');
export const Rows = keyword('ROWS');
export const Select = keyword('SELECT');
export const Semi = keyword('SEMI');
export const SetWord = keyword('SET');
export const Then = keyword('THEN');
export const Times = keyword('TIMES');
export const To = keyword('TO');
export const Top = keyword('TOP');
export const Unbounded = keyword('UNBOUNDED');
export const Union = keyword('UNION');
export const Using = keyword('USING');
export const Values = keyword('VALUES');
export const When = keyword('WHEN');
export const Where = keyword('WHERE');
export const With = keyword('WITH');

/** Literal words are lower case, as in JavaScript. */
function literalWord(word: string): TokenType {
  return createToken({ name: word, label: word, pattern: word, longer_alt: Identifier, categories: [MemberToken] });
}
export const TrueWord = literalWord('true');
export const FalseWord = literalWord('false');
export const NullLiteralWord = literalWord('null');

// ── Punctuation ─────────────────────────────────────────────────────────────────────────────────────────────────────

function mark(name: string, text: string): TokenType {
  return createToken({ name, label: `"${text}"`, pattern: text });
}

export const Semicolon = mark('Semicolon', ';');
export const Comma = mark('Comma', ',');
export const Colon = mark('Colon', ':');
export const Dot = mark('Dot', '.');
export const OpenParen = mark('OpenParen', '(');
export const CloseParen = mark('CloseParen', ')');
export const OpenBracket = mark('OpenBracket', '[');
export const CloseBracket = mark('CloseBracket', ']');
export const OpenBrace = mark('OpenBrace', '{');
export const CloseBrace = mark('CloseBrace', '}');
export const Question = mark('Question', '?');
export const Coalesce = mark('Coalesce', '??');
export const Assign = mark('Assign', '=');
export const OrOr = mark('OrOr', '||');
export const AndAnd = mark('AndAnd', '&&');
export const LessEqual = mark('LessEqual', '<=');
export const Less = mark('Less', '<');
export const GreaterEqual = mark('GreaterEqual', '>=');
export const Greater = mark('Greater', '>');
export const Plus = mark('Plus', '+');
export const Minus = mark('Minus', '-');
export const Star = mark('Star', '*');
export const Slash = mark('Slash', '/');
export const Percent = mark('Percent', '%');
export const Bang = mark('Bang', '!');
/** Not before a digit: `a?.5:1` is a conditional, as in JavaScript. */
export const OptionalDot = createToken({ name: 'OptionalDot', label: '"?."', pattern: /\?\.(?!\d)/ });
/** With the spellings of other languages, which are reported and then read as what they mean. */
export const Equal = createToken({ name: 'Equal', label: '"=="', pattern: /===?/ });
export const NotEqual = createToken({ name: 'NotEqual', label: '"!="', pattern: /!==?|<>/ });
/** Operators that JavaScript has and PYSCOPE has not. */
export const ForeignOperator = createToken({
  name: 'ForeignOperator',
  label: 'an operator of another language',
  pattern: /\*\*|<<|>>>?|\+\+|=>|[&|^~]/,
});

export const KEYWORDS: ReadonlyMap<string, TokenType> = keywords;
export const LITERAL_WORDS: readonly TokenType[] = [TrueWord, FalseWord, NullLiteralWord];

/** Every word that is no free name. */
export const WORDS: ReadonlySet<TokenType> = new Set([...KEYWORDS.values(), ...LITERAL_WORDS]);

/** Longer ones first: AS would begin ASSERT, and the name behind it be taken for the whole word. */
const wordsByLength = [...WORDS].toSorted((a, b) => b.name.length - a.name.length);

/** In the order in which the lexer tries them. */
export const ALL_TOKENS: readonly TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  ForeignComment,
  RegexToken,
  ...wordsByLength,
  Identifier,
  QuotedName,
  ParameterName,
  StringToken,
  NumberToken,
  Equal,
  NotEqual,
  AndAnd,
  OrOr,
  LessEqual,
  ForeignOperator,
  GreaterEqual,
  Less,
  Greater,
  Assign,
  Coalesce,
  OptionalDot,
  Question,
  Dot,
  Comma,
  Colon,
  Semicolon,
  Bang,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  OpenParen,
  CloseParen,
  OpenBracket,
  CloseBracket,
  OpenBrace,
  CloseBrace,
  NameToken,
  MemberToken,
];

/** The keyword that a word would be in upper case, however it is written. */
export function keywordOf(word: string): TokenType | undefined {
  return KEYWORDS.get(word.toUpperCase());
}
