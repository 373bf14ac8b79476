import type { Primary, Rowset } from '../../parser/ast.ts';
import { checkClauses } from '../clauses/clauses.ts';
import { nextId, type Checked, type Environment } from '../environment.ts';
import { checkCombine } from './combine.ts';
import { checkExtract } from './extract.ts';
import { checkProcess } from './process.ts';
import { lastRowset, namedRowset } from './references.ts';
import { checkReduce } from './reduce.ts';
import { checkSelect } from './select.ts';
import { checkSetOperation } from './set-operation.ts';
import { checkValues } from './values.ts';

/**
 * Checks a rowset expression and adds what it computes; null where it cannot be known. `clause` is what stands before it, for the message
 * when nothing does and there is no last rowset.
 */
export function checkRowset(env: Environment, rowset: Rowset, clause: string): Checked {
  switch (rowset.kind) {
    case 'set-operation':
      return checkSetOperation(env, rowset, checkRowset);
    case 'claused':
      return checkClauses(env, rowset, nextId(env), checkPrimary(env, rowset.input, clause));
    default:
      return checkPrimary(env, rowset, clause);
  }
}

function checkPrimary(env: Environment, primary: Primary, clause: string): Checked {
  switch (primary.kind) {
    case 'rowset-name':
      return namedRowset(env, primary.name);
    case 'last-rowset':
      return lastRowset(env, primary.span, clause);
    case 'parenthesised':
      return checkRowset(env, primary.rowset, clause);
    case 'extract':
      return checkExtract(env, primary);
    case 'values':
      return checkValues(env, primary);
    case 'select':
      return checkSelect(env, primary, checkRowset);
    case 'process':
      return checkProcess(env, primary, checkRowset(env, primary.input, 'PROCESS'));
    case 'reduce':
      return checkReduce(env, primary, checkRowset(env, primary.input, 'REDUCE'));
    case 'combine':
      return checkCombine(env, primary, checkRowset);
  }
}
