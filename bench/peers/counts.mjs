/**
 * A count per word, kept while words are corrected: every row is loaded first, then each misspelt word is taken out and its correction put in, and then the counts are
 * written. The engines are given words without the rows they are of, which is less than a repair needs and quicker for them. `counts.mjs ENGINE FILE TARGET`; the file has the columns id and word, and nothing in it is quoted.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const isTypo = (word) => word.startsWith('typo');
const corrected = (word) => word.slice(word.indexOf('_') + 1);

function rowsOf(path) {
  const lines = readFileSync(path, 'latin1').split('\n');
  const rows = [];
  for (let at = 1; at < lines.length - 1; at++) {
    const comma = lines[at].indexOf(',');
    rows.push([Number(lines[at].slice(0, comma)), lines[at].slice(comma + 1)]);
  }
  return rows;
}

/** What changes: each misspelt row out, its correction in. */
function corrections(rows) {
  return rows.flatMap(([id, word]) =>
    isTypo(word)
      ? [
          [[id, word], -1],
          [[id, corrected(word)], 1],
        ]
      : [],
  );
}

function add(counts, word, by) {
  const count = (counts.get(word) ?? 0) + by;
  if (count === 0) counts.delete(word);
  else counts.set(word, count);
}

/** A Map by hand: the floor of what keeping counts can cost. */
function map(rows) {
  const counts = new Map();
  for (const [, word] of rows) add(counts, word, 1);
  for (const [[, word], by] of corrections(rows)) add(counts, word, by);
  return counts;
}

/** What one does without incremental work: count, find the mistakes, correct the rows, count again. */
function recompute(rows) {
  const count = (all) => {
    const counts = new Map();
    for (const [, word] of all) add(counts, word, 1);
    return counts;
  };
  const first = count(rows);
  const wrong = new Set([...first.keys()].filter(isTypo));
  if (wrong.size === 0) return first;
  return count(rows.map((row) => (wrong.has(row[1]) ? [row[0], corrected(row[1])] : row)));
}

/** Keeps the counts that an engine's changes tell of. */
function keep(counts, changes, countOf) {
  for (const [[word, value], by] of changes) if (by < 0 && counts.get(word) === countOf(value)) counts.delete(word);
  // One of the engines says of a group without rows that it has none of them.
  for (const [[word, value], by] of changes) if (by > 0 && countOf(value) > 0) counts.set(word, countOf(value));
}

async function dbIvm(rows) {
  const { D2, MultiSet, groupBy, groupByOperators, output } = await import('@tanstack/db-ivm');
  const counts = new Map();
  const graph = new D2();
  const input = graph.newInput();
  input.pipe(
    groupBy((word) => ({ word }), { n: groupByOperators.count() }),
    output((message) => {
      const changes = message.getInner().map(([[, value], by]) => [[value.word, value], by]);
      keep(counts, changes, ({ n }) => n);
    }),
  );
  graph.finalize();
  input.sendData(new MultiSet(rows.map(([, word]) => [word, 1])));
  graph.run();
  input.sendData(new MultiSet(corrections(rows).map(([[, word], by]) => [word, by])));
  graph.run();
  return counts;
}

async function d2ts(rows) {
  const { D2, MultiSet, MessageType, map: mapped, count, output } = await import('@electric-sql/d2ts');
  const counts = new Map();
  const graph = new D2({ initialFrontier: 0 });
  const input = graph.newInput();
  input.pipe(
    mapped((word) => [word, 1]),
    count(),
    output((message) => {
      if (message.type === MessageType.DATA) keep(counts, message.data.collection.getInner(), (n) => n);
    }),
  );
  graph.finalize();
  input.sendData(0, new MultiSet(rows.map(([, word]) => [word, 1])));
  input.sendFrontier(1);
  graph.run();
  input.sendData(1, new MultiSet(corrections(rows).map(([[, word], by]) => [word, by])));
  input.sendFrontier(2);
  graph.run();
  return counts;
}

const ENGINES = { map, recompute, 'db-ivm': dbIvm, d2ts };

const [engine, file, target] = process.argv.slice(2);
const counts = await ENGINES[engine](rowsOf(file));
let text = 'word,n\n';
for (const [word, n] of counts) text += `${word},${n}\n`;
writeFileSync(target, text);
