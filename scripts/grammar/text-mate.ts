/** The TextMate grammar; its keywords are the token list's. */
import { KEYWORDS, LITERAL_WORDS } from '../../src/lexer/tokens.ts';

/** Words that act on rows; the others are clauses and small words. */
const VERBS = ['IMPORT', 'EXPORT', 'DECLARE', 'SET', 'EXTRACT', 'SELECT', 'PROCESS', 'REDUCE', 'COMBINE', 'VALUES', 'OUTPUT'];
const REPAIRS = ['EDIT', 'APPEND', 'DELETE', 'RETRY', 'DROP', 'KEEP', 'ABORT', 'ROUTE', 'ASSERT', 'ERROR'];
const OPERATORS = ['AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'LIKE', 'IS', 'NULL'];
const TYPES = ['string', 'str', 'int', 'long', 'float', 'double', 'bool', 'bytes', 'datetime', 'json'];

export function textMate(): object {
  const special = new Set([...VERBS, ...REPAIRS, ...OPERATORS]);
  const clauses = [...KEYWORDS.keys()].filter((word) => !special.has(word));
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'PYSCOPE',
    scopeName: 'source.pyscope',
    fileTypes: ['scope'],
    patterns: [
      { name: 'comment.line.double-slash.pyscope', match: '//.*$' },
      { name: 'comment.block.pyscope', begin: '/\\*', end: '\\*/' },
      string('double', '"'),
      string('single', "'"),
      { name: 'variable.other.quoted.pyscope', match: '`[^`]*`' },
      { name: 'variable.parameter.pyscope', match: '@[\\w$]+' },
      {
        name: 'constant.numeric.pyscope',
        match: '(?<![\\w$])(?:0[xX][\\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(?:[eE][+-]?\\d+)?)',
      },
      words('keyword.control.pyscope', VERBS),
      words('keyword.control.repair.pyscope', REPAIRS),
      words('keyword.operator.word.pyscope', OPERATORS),
      words('keyword.other.pyscope', clauses),
      words('constant.language.pyscope', LITERAL_WORDS.map(({ name }) => name)),
      { match: `:\\s*(${TYPES.join('|')})\\b`, captures: { 1: { name: 'support.type.pyscope' } } },
      { name: 'entity.name.function.pyscope', match: '[\\p{L}_$][\\w$]*(?=\\s*\\()' },
      { name: 'keyword.operator.pyscope', match: '\\?\\?|\\?\\.|\\|\\||&&|[=!<>]=|[-+*/%<>!?=]' },
    ],
  };
}

function string(kind: string, quote: string): object {
  return {
    name: `string.quoted.${kind}.pyscope`,
    begin: quote,
    end: `${quote}|$`,
    patterns: [{ name: 'constant.character.escape.pyscope', match: '\\\\(?:u\\{[\\da-fA-F]+\\}|u[\\da-fA-F]{4}|x[\\da-fA-F]{2}|.)' }],
  };
}

function words(name: string, list: readonly string[]): object {
  return { name, match: `(?<![\\w$@.])(?:${list.join('|')})(?![\\w$])` };
}
