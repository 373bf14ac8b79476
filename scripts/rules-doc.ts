/** Writes the plans before and after each rule into docs/internals.md; with `--check` only says (exit code 1) whether they are current. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from '../src/api/compile.ts';
import { nodeText } from '../src/planner/explain/node-text.ts';
import type { Graph } from '../src/planner/graph.ts';
import { inputsOf } from '../src/planner/graph.ts';
import type { Plan } from '../src/planner/plan.ts';
import { rules } from '../src/planner/rules/index.ts';

const A = 'a = EXTRACT x: int, y: string, z: float FROM "a.csv";';

/** A script for each rule on which it alone shows what it does. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'dead-nodes': `${A}
unused = a WHERE x > 1;
OUTPUT a TO "out.csv";`,
  'constant-folding': `DECLARE @least = 2;
${A}
b = a WHERE x > 1 && @least > 1;
OUTPUT b TO "out.csv";`,
  'common-subplan': `${A}
p = PROCESS a USING TextClassifier(text = y, model = "m");
q = PROCESS a USING TextClassifier(text = y, model = "m");
b = p WHERE x > 1;
c = q WHERE x < 1;
OUTPUT b TO "b.csv";
OUTPUT c TO "c.csv";`,
  'predicate-pushdown': `${A}
p = PROCESS a USING TextClassifier(text = y, model = "m");
b = p WHERE x > 3;
OUTPUT b TO "out.csv";`,
  'file-skipping': `logs = EXTRACT x: int, region: string, day: datetime FROM "{region}/{day:yyyy-MM-dd}.csv";
b = logs WHERE region == "north" && x > 1;
OUTPUT b TO "out.csv";`,
  meld: `${A}
b = a WHERE x != 0;
c = b WHERE 10 / x > 3;
OUTPUT c TO "out.csv";`,
  'column-pruning': `${A}
b = SELECT x, y, y.length AS n, z FROM a;
c = SELECT x FROM b ORDER BY z;
OUTPUT c TO "out.csv";`,
  'cost-order': `${A}
b = a WHERE regex("^a.*z$").test(y) && x > 3;
OUTPUT b TO "out.csv";`,
  'top-k': `${A}
b = SELECT TOP 10 * FROM a ORDER BY z DESC;
OUTPUT b TO "out.csv";`,
  'join-side': `few = VALUES (1, "one"), (2, "two") AS (x, word);
${A}
j = SELECT few.word, a.y FROM few JOIN a ON few.x == a.x;
OUTPUT j TO "out.csv";`,
  memoise: `${A}
p = PROCESS a USING TextClassifier(text = y, model = "m");
OUTPUT p TO "out.csv";`,
  'pre-aggregation': `${A}
b = SELECT y, SUM(z) AS total FROM a WHERE x > 1 GROUP BY y;
OUTPUT b TO "out.csv";`,
};

async function planned(text: string, without: ReadonlySet<string>): Promise<Plan> {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { plan, diagnostics } = await compile(
    { text, name: 'job.scope', folder },
    { plan: { noOpt: false, disableOpts: without } },
  );
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

function lines({ nodes }: Graph): readonly string[] {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  return nodes.map((node) => {
    const from = inputsOf(node).map((id) => labels.get(id) ?? String(id));
    return `${node.label}${from.length === 0 ? '' : ` ← ${from.join(', ')}`}: ${nodeText(node)}`;
  });
}

/** What stands in the page for a rule: a script, the lines of its plan that the rule changes, and what explain says. */
export async function ruleExample(rule: string): Promise<string> {
  const script = SCRIPTS[rule];
  if (script === undefined) throw new Error(`scripts/rules-doc.ts has no script for the rule ${rule}`);
  const names = rules.map(({ name }) => name);
  const before = await planned(script, new Set(names));
  const after = await planned(script, new Set(names.filter((name) => name !== rule)));
  const [old, now] = [lines(before.graph), lines(after.graph)];
  const part = (title: string, all: readonly string[], others: readonly string[]): readonly string[] => [
    title,
    ...all.filter((line) => !others.includes(line)).map((line) => `  ${line}`),
  ];
  if (after.firings.length === 0)
    throw new Error(`the script of ${rule} in scripts/rules-doc.ts does not make it fire`);
  const says = after.firings.map(({ rule: name, what }) => `  ${name}: ${what}`);
  return [
    '```',
    script,
    '',
    ...part('before', old, now),
    ...part('after', now, old),
    'explain says',
    ...says,
    '```',
  ].join('\n');
}

/** The page with its examples made anew: each is the last block of its rule's section. */
export async function withExamples(page: string): Promise<string> {
  const sections = page.split(/^(?=#{2,3} )/mu);
  const names = new Set(rules.map(({ name }) => name));
  const made = await Promise.all(
    sections.map(async (section) => {
      const name = /^### (.*)\n/u.exec(section)?.[1] ?? '';
      if (!names.delete(name)) return section;
      const prose = section.replaceAll(/^```[^]*?^```\n+/gmu, '').trimEnd();
      return `${prose}\n\n${await ruleExample(name)}\n\n`;
    }),
  );
  if (names.size > 0) throw new Error(`docs/internals.md has no section for ${[...names].join(', ')}`);
  return made.join('');
}

export const DOC = fileURLToPath(new URL('../docs/internals.md', import.meta.url));

async function main(): Promise<void> {
  const old = await readFile(DOC, 'utf8');
  const page = await withExamples(old);
  if (page === old) return;
  if (!process.argv.includes('--check')) return writeFile(DOC, page);
  console.error('docs/internals.md is not current: run npx tsx scripts/rules-doc.ts');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
