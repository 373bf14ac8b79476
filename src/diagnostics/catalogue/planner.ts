/** PS60xx: what the planner finds; PS61xx: what the runtime cannot execute yet. */
import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';

export const planner = {
  PS6001: entry<{ readonly name: string; readonly known: readonly string[]; readonly suggestion: string | null }>({
    title: 'an unknown optimiser rule',
    severity: 'error',
    message: ({ name }) => `there is no optimiser rule ${JSON.stringify(name)} to switch off`,
    help: ({ suggestion, known }) => didYouMeanHelp(suggestion) ?? `the rules are ${known.join(', ')}`,
    why: 'A misspelt rule would stay on unnoticed, and what was to be compared would be compared with itself.',
    example:
      '// pyscope explain job.scope --disable-opt dead-node\n' +
      'rows = EXTRACT x: int FROM "a.csv";\nOUTPUT rows TO "b.csv";\n',
    cure:
      '// pyscope explain job.scope --disable-opt dead-nodes\n' +
      'rows = EXTRACT x: int FROM "a.csv";\nOUTPUT rows TO "b.csv";\n',
  }),
  PS6002: entry<{ readonly name: string }>({
    title: 'rows routed in a circle',
    severity: 'error',
    message: ({ name }) => `rows of ${name} are routed to ${name} again`,
    help: () => 'route what is still bad the second time to another name, or repair it with EDIT and a LIMIT',
    why: 'ROUTE TO sets rows aside and never calls an earlier step again. Only the repairs EDIT, APPEND, DELETE and RETRY go back.',
    example:
      'rows = EXTRACT x: int FROM "a.csv";\n' +
      'good = rows ASSERT x > 0 ELSE ROUTE TO bad;\n' +
      'second = SELECT x FROM bad ASSERT x < 0 ELSE ROUTE TO bad;\n' +
      'OUTPUT good TO "good.csv";\nOUTPUT second TO "second.csv";\n',
    cure:
      'rows = EXTRACT x: int FROM "a.csv";\n' +
      'good = rows ASSERT x > 0 ELSE ROUTE TO bad;\n' +
      'second = SELECT x FROM bad ASSERT x < 0 ELSE ROUTE TO worse;\n' +
      'OUTPUT good TO "good.csv";\nOUTPUT second TO "second.csv";\n',
  }),
  PS6003: entry<{ readonly repair: string; readonly first: string; readonly other: string }>({
    title: 'one repair of columns that came by different sides of a join',
    severity: 'error',
    message: ({ repair, first, other }) =>
      `${other} came by another side of the join than ${first}, so one ${repair} cannot change both`,
    help: ({ repair }) => `write a ${repair} for each`,
    why: 'Both sides have rows of one step, but not the same rows: a repair changes one row, and all of its columns are columns of that row.',
    example:
      'rows = EXTRACT x: int, y: int FROM "a.csv";\n' +
      'pairs = SELECT a.x AS x, b.x AS z FROM rows AS a JOIN rows AS b ON a.y == b.y WHEN z > 9 EDIT x = 1, z = 2 LIMIT 1;\n' +
      'OUTPUT pairs TO "b.csv";\n',
    cure:
      'rows = EXTRACT x: int, y: int FROM "a.csv";\n' +
      'pairs = SELECT a.x AS x, b.x AS z FROM rows AS a JOIN rows AS b ON a.y == b.y\n' +
      '  WHEN z > 9 EDIT x = 1 LIMIT 1 ELSE KEEP WHEN z > 9 EDIT z = 2 LIMIT 1;\n' +
      'OUTPUT pairs TO "b.csv";\n',
  }),
  PS6101: entry<{ readonly what: string }>({
    title: 'something the runtime does not execute yet',
    severity: 'error',
    message: ({ what }) => `this version does not run ${what} yet`,
    help: () => 'pyscope check and pyscope explain work on it',
    why: 'What is not complete is refused before the first row is read, instead of being done by half.',
    example:
      'IMPORT { Matcher } FROM "./operators.ts";\n' +
      'rows = EXTRACT k: int, x: string FROM "a.csv";\nothers = EXTRACT k: int, y: string FROM "b.csv";\n' +
      'all = COMBINE rows AS a LEFT WITH others AS b ON a.k == b.k USING Matcher(left = x, right = y)\n' +
      '  WHEN y == null DELETE x LIMIT 1 ELSE KEEP;\n' +
      'OUTPUT all TO "c.csv";\n',
    cure:
      'IMPORT { Matcher } FROM "./operators.ts";\n' +
      'rows = EXTRACT k: int, x: string FROM "a.csv";\nothers = EXTRACT k: int, y: string FROM "b.csv";\n' +
      'all = COMBINE rows AS a LEFT WITH others AS b ON a.k == b.k USING Matcher(left = x, right = y)\n' +
      '  WHEN y == null DROP;\n' +
      'OUTPUT all TO "c.csv";\n',
  }),
} as const;
