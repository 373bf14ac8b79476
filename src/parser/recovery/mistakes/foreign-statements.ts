/** Whole statements of SQL, U-SQL and Python. */
import type { Form } from './foreign.ts';

const IMPORTS = 'write IMPORT { Name } FROM "./operators.ts", a TypeScript or JavaScript module';

export const foreignStatements: readonly Form[] = [
  {
    pattern: /^INSERT (?:⟂ )?INTO\b/i,
    say: () => ({ problem: 'nothing is inserted into a rowset', instead: 'write all = a UNION b, and OUTPUT it' }),
  },
  {
    pattern: /^CREATE ⟂ (?:OR REPLACE )?(?:TABLE|VIEW|TEMP|TEMPORARY|EXTERNAL|FUNCTION|DATABASE|SCHEMA|ASSEMBLY)\b/i,
    say: () => ({ problem: 'nothing is created before it is used', instead: 'a rowset is named: name = SELECT …;' }),
  },
  {
    pattern: /^⟂ WITH (\S+)/i,
    say: ([, name]) => ({
      problem: 'a statement does not begin with WITH',
      instead: `write the rowset as a statement of its own: ${name} = SELECT …;`,
    }),
  },
  {
    pattern: /^UPDATE ⟂ \S+ (?:AS \S+ )?SET\b/i,
    say: () => ({
      problem: 'rows are not updated in place',
      instead: 'write SELECT with the new values, or a handler: name WHEN condition EDIT column = value',
    }),
  },
  {
    pattern: /^DELETE (?:⟂ )?FROM\b/i,
    say: () => ({ problem: 'rows are not deleted in place', instead: 'keep the others: name WHERE NOT (…)' }),
  },
  {
    pattern: /^(?:DROP|TRUNCATE) ⟂ (?:TABLE|VIEW)\b/i,
    say: () => ({
      problem: 'there are no tables to drop',
      instead: 'leave the statement out: rowsets end with the job',
    }),
  },
  {
    pattern: /^(?:\S+ = )?(?:READ|LOAD|SCAN) ⟂/,
    back: 1,
    say: () => ({
      problem: 'files are read with EXTRACT',
      instead: 'write name = EXTRACT column: type, … FROM "path"',
    }),
  },
  {
    pattern: /^(?:WRITE|SAVE|STORE|PRINT|DUMP) ⟂/,
    back: 1,
    say: () => ({ problem: 'files are written with OUTPUT', instead: 'write OUTPUT name TO "path";' }),
  },
  {
    pattern: /^(?:⟂ USING|USE ⟂|using ⟂)/,
    say: () => ({ problem: 'there are no namespaces to open', instead: IMPORTS }),
  },
  {
    pattern: /^REFERENCE ⟂ (?:SYSTEM )?(?:ASSEMBLY|RESOURCE)\b/i,
    back: 1,
    say: () => ({ problem: 'there are no assemblies to refer to', instead: IMPORTS }),
  },
  {
    pattern: /^(?:from ⟂ \S+ import|⟂ FROM \S+ IMPORT)\b/i,
    say: () => ({ problem: 'what is imported stands before the module, in braces', instead: IMPORTS }),
  },
  {
    pattern: /^IMPORT ⟂ ([\w$]+)/i,
    say: ([, name]) => ({
      problem: 'what is imported stands in braces',
      instead: `write IMPORT { ${name} } FROM "./operators.ts"; for a view, name = IMPORT "view.scope"`,
    }),
  },
  {
    pattern: /^SET ⟂ (@\S*)/i,
    say: ([, name]) => ({
      problem: 'SET is for the settings of a run, not for parameters',
      instead: `write DECLARE ${name} = …`,
    }),
  },
  {
    pattern: /^(\S+) ⟂ : =/,
    say: ([, name]) => ({ problem: 'a rowset is named with =, not with :=', instead: `write ${name} = …` }),
  },
  {
    pattern: /(?:^|= )⟂ FROM (\S+)/,
    say: ([, name]) => ({ problem: 'a rowset does not begin with FROM', instead: `write SELECT … FROM ${name}` }),
  },
  {
    pattern: /^(?:\S+ = )?([\w$]+) ⟂ \. ([\w$]+) \(/,
    say: ([, name]) => ({
      problem: 'a rowset has no methods',
      instead: `write clauses behind its name (${name} WHERE …), or SELECT … FROM ${name}`,
    }),
  },
  {
    pattern: /^\S+ = ([A-Za-z][\w$.]*) ⟂ \(/,
    back: 1,
    say: ([, name]) => ({
      problem: 'an operator is not called like a function',
      instead: `write PROCESS rowset USING ${name}(…); EXTRACT and OUTPUT take their operators with USING, too`,
    }),
  },
  {
    pattern: /^OUTPUT .*⟂ INTO\b/i,
    say: () => ({ problem: 'OUTPUT has no INTO', instead: 'write OUTPUT name TO "path"' }),
  },
  {
    pattern: /^OUTPUT (?:\S+ )?⟂$/,
    expected: 'TO',
    say: () => ({ problem: 'this OUTPUT does not say where to', instead: 'write OUTPUT name TO "path"' }),
  },
  {
    pattern: /^OUTPUT TO (\S+) ⟂ ([\w$]+)$/,
    say: ([, path, name]) => ({
      problem: 'the rowset stands right behind OUTPUT',
      instead: `write OUTPUT ${name} TO ${path}`,
    }),
  },
];
