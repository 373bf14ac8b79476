/** The scripts that `check` is tested with, run on the samples' files; the figures were counted by DuckDB or by hand. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Combiner, Extractor, Reducer, runJob } from '../../src/api/index.ts';
import type { Group, InputFile } from '../../src/api/index.ts';
import { readModule } from '../../src/runtime/operators/loader.ts';

class Sessions extends Reducer.declare({ inputs: { start: 'int' }, outputs: { begin: 'int', end: 'int' } }) {
  override call(group: Group<typeof Sessions>) {
    const all = [...group.rows()].map((row) => row.get('start'));
    return group.with({ begin: Math.min(...all), end: Math.max(...all) });
  }
}

/** 1 for names with the same last letter, else 0. */
class Matcher extends Combiner.declare({
  inputs: { left: 'string', right: 'string' },
  outputs: { score: 'float' },
}) {
  override *call(left: Group<typeof Matcher>, right: Group<typeof Matcher>) {
    for (const a of left.rows())
      for (const b of right.rows())
        yield left.with({ score: a.get('left').slice(-1) === b.get('right').slice(-1) ? 1 : 0 }, a, b);
  }
}

class LogReader extends Extractor.declare({
  outputs: { query: 'string', market: 'string?', latency: 'int' },
}) {
  override async *call(file: InputFile) {
    for await (const line of file.lines()) {
      const [, , market = '', query = '', latency = ''] = line.split('\t');
      yield file.row({ query, market, latency: Number(latency) });
    }
  }
}

/** What each script writes: a file's lines, or their number. */
const WRITTEN: Readonly<Record<string, Readonly<Record<string, number | readonly string[]>>>> = {
  '01-extract-output.scope': { 'SearchLog_output.tsv': 24 },
  '02-filter-dates.scope': { 'recent.csv': 19 },
  '03-group.scope': {
    'totals.csv': [
      'region,total',
      'en-us,8291',
      'en-gb,688',
      'en-mx,422',
      'en-gr,305',
      'en-fr,241',
      'en-ca,24',
      'en-ch,10',
    ],
  },
  '04-having.scope': {
    'busy.csv': ['region,n,longest,shortest,mean', 'en-us,16,1270,30,518.1875', 'en-gb,2,614,74,344'],
  },
  '05-top.scope': {
    'longest.csv': ['duration,query', '1270,yelp', '1220,xbox', '1213,cosmos', '732,clothes', '691,hotmail'],
  },
  '06-explode.scope': { 'urls.csv': 72 },
  '07-join-ads.scope': {
    'rates.csv': [
      'brand,shown,clicks',
      'Doritos,1,1',
      'Tacobell,1,0',
      'Voelkl,2,2',
      'Whistler Resort,2,2',
      'Amazon Prime,1,0',
      'Hayden Planetarium,1,1',
      'Microsoft Azure Services,1,1',
      'none,17,0',
    ],
  },
  '08-semi-anti.scope': {
    'free.csv': ['EmpName,DepID', 'Williams,'],
    'placed.txt': ['Rafferty', 'Jones', 'Heisenberg', 'Robinson', 'Smith'],
    'pairs.csv': 8,
  },
  '09-set-operations.scope': {
    'all.csv': 8,
    'one.csv': ['id,name', '1,Smith', '2,Brown', '3,Case', '4,Dey'],
    'gone.csv': ['id,name', '3,Case'],
    'both.csv': ['id,name', '1,Smith', '2,Brown'],
    'names.csv': ['name', 'Smith', 'Brown', 'Case', 'Dey'],
  },
  '10-windows.scope': {
    'ranked.csv': [
      'query,latency,vertical,row,rank,dense,tile,pair',
      'Banana,300,Image,1,1,1,1,300',
      'Cherry,300,Image,2,1,1,2,600',
      'Apple,100,Web,1,1,1,1,100',
      'Fig,200,Web,2,2,2,1,300',
      'Papaya,200,Web,3,2,2,2,400',
    ],
  },
  '11-share-of-total.scope': { 'shares.csv': 5 },
  '12-file-set.scope': {
    'fast/1.csv': ['day,top,n', '2014-09-16T00:00:00.000Z,66,60'],
    'fast/3.csv': ['day,top,n', '2014-09-17T00:00:00.000Z,75,60'],
  },
  '13-folders.scope': { 'months.csv': ['month,stolen,found,mean', '2,839,673,23.59286775631501'] },
  '14-reduce.scope': { 'sessions.csv': ['user,begin,finish', '382045,74,614'] },
  '15-combine.scope': { 'matches.csv': ['name,colleague,score', 'Emma,Olivia,1', 'Olivia,Emma,1'] },
  '16-cleaning.scope': { 'orders.csv': ['id,total', '1,199.98', '3,69.99'], 'broken.csv': 6, 'unpriced.csv': 1 },
  '17-case-and-cast.scope': { 'balances.csv': 11 },
  '18-like-and-in.scope': {
    'medals.csv': [
      'country,medals,names',
      'United States,28,Michael Phelps; Michael Phelps; Missy Franklin; Matt Grevers; Matt Grevers; Margaret Hoelzer',
      'Australia,7,Mel Schlanger; Mel Schlanger; Matt Targett',
    ],
  },
  '19-chain.scope': { 'volatile.csv': 17 },
  '20-in-place-and-view.scope': { 'popular.csv': ['query,count', 'microsoft,2'], 'ranges.csv': 11 },
  'cameras.scope': {
    'cameras.csv': [
      'cameraid,seen,fast,most,first',
      'Camera 3,8,6,67,2017-08-30T16:31:02.845Z',
      'Camera 31,9,6,77,2017-08-30T16:31:02.863Z',
      'Camera 15,8,5,54,2017-08-30T16:31:02.850Z',
    ],
    'phones.csv': ['kind,n,drivers', 'cell,91,91', 'office,69,69'],
    'drivers/Sweden.csv': ['name,city', 'Christina Berglund,Luleå', 'Maria Larsson,Bräcke'],
    'busiest.csv': ['name,trips,days', 'Mario Pontes,6,2', 'Isabel de Castro,5,2', 'Martine Rancé,5,2'],
    'people.csv': ['city,age,zip', 'London,42,MX7 6T5', '"New York, NY",,10000'],
  },
};

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const scripts = readdirSync(here('../typecheck/usql')).filter((name) => name.endsWith('.scope'));

describe('the scripts over the public U-SQL samples', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-usql-'));
    cpSync(here('data'), folder, { recursive: true });
    cpSync(here('../typecheck/usql'), folder, { recursive: true });
    cpSync(here('cameras.scope'), join(folder, 'cameras.scope'));
    writeFileSync(
      join(folder, 'view.scope'),
      'DECLARE @path: string = "a.txt";\nlines = EXTRACT line: string FROM @path;\nEXPORT lines;\n',
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const modules = new Map([['./operators.ts', readModule('./operators.ts', { Sessions, Matcher, LogReader })]]);

  for (const script of [...scripts, 'cameras.scope']) {
    it(`run on their files: ${script}`, async () => {
      await runJob(join(folder, script), { modules });
      const written = Object.entries(WRITTEN[script] ?? {});
      expect(written, 'files that are looked at').to.not.have.length(0);
      for (const [name, expected] of written) {
        const lines = readFileSync(join(folder, 'out', name), 'utf8')
          .trimEnd()
          .split('\n');
        expect(typeof expected === 'number' ? lines.length : lines, name).to.deep.equal(expected);
      }
    });
  }
});
