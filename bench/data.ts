/** Generated data: the same bytes for the same number of rows, everywhere. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const REGIONS: readonly string[] = [
  'north',
  'south',
  'east',
  'west',
  'centre',
  'northeast',
  'northwest',
  'southeast',
  'southwest',
  'midlands',
  'coast',
  'islands',
  'highlands',
  'lowlands',
  'valley',
  'lakes',
  'plains',
  'delta',
  'desert',
  'capital',
];
const USERS = 50_000;
const COUNTRIES = 40;
const WORDS = 5_000;

/** Marsaglia's xorshift, 32 bits (2003): numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const SYLLABLES = 'ba de fi go ku la me ni po ru sa te vi zo shi tra no ki wa lo'.split(' ');

/** Made-up words of two or three syllables; word `at` of every run is the same. */
function vocabulary(): readonly string[] {
  const random = randomNumbers(77);
  const words = new Set<string>();
  while (words.size < WORDS) {
    let word = '';
    for (let left = 2 + Math.floor(random() * 2); left > 0; left--) {
      word += SYLLABLES[Math.floor(random() * SYLLABLES.length)];
    }
    words.add(word);
  }
  return [...words];
}

const userName = (at: number): string => `user${String(at).padStart(5, '0')}`;

function write(path: string, header: string, count: number, line: (at: number) => string): void {
  const file = openSync(`${path}.part`, 'w');
  let lines = `${header}\n`;
  for (let at = 0; at < count; at++) {
    lines += line(at);
    if (lines.length < 1 << 20) continue;
    writeSync(file, lines);
    lines = '';
  }
  writeSync(file, lines);
  closeSync(file);
  renameSync(`${path}.part`, path);
}

/** The folder with `rows.csv` and `users.csv`, made where it is not there yet. */
export function dataFolder(parent: string, rows: number): string {
  const folder = join(parent, String(rows));
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'users.csv'))) writeUsers(join(folder, 'users.csv'));
  if (!existsSync(join(folder, 'rows.csv'))) writeRows(join(folder, 'rows.csv'), rows);
  return folder;
}

function writeUsers(path: string): void {
  const random = randomNumbers(4711);
  write(path, 'user,country,age', USERS, (at) => {
    const country = `country${Math.floor(random() * COUNTRIES)}`;
    return `${userName(at)},${country},${18 + Math.floor(random() * 60)}\n`;
  });
}

/** Amounts are even, users and regions too; small numbers of words are more frequent. */
function writeRows(path: string, count: number): void {
  const random = randomNumbers(2463534242);
  const words = vocabulary();
  write(path, 'id,user,region,amount,text', count, (at) => {
    const user = userName(Math.floor(random() * USERS));
    const region = REGIONS[Math.floor(random() * REGIONS.length)];
    const amount = Math.floor(random() * 100_000) / 100;
    let text = '';
    for (let left = 5 + Math.floor(random() * 16); left > 0; left--) {
      const skewed = random() ** 2;
      text += `${text === '' ? '' : ' '}${words[Math.floor(skewed * WORDS)]}`;
    }
    return `${at},${user},${region},${amount},${text}\n`;
  });
}

/** A file of the columns id and word, of which `typos` rows, evenly spread, have `typo7_word` where the others have `word`; each such word once. */
export function wordsFile(parent: string, rows: number, typos: number): string {
  const path = join(parent, `words-${rows}-${typos}.csv`);
  if (existsSync(path)) return path;
  const random = randomNumbers(2_463_534_242);
  const every = typos === 0 ? Infinity : rows / typos;
  let next = every / 2;
  write(path, 'id,word', rows, (at) => {
    const word = `word${Math.floor(random() * USERS)}`;
    if (at < next) return `${at},${word}\n`;
    next += every;
    return `${at},typo${at}_${word}\n`;
  });
  return path;
}
