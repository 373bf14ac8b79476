import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { checkText, described, expectClean } from '../support/check.ts';

const folder = new URL('usql/', import.meta.url);
const scripts = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.scope'))
    .map((name) => [name.slice(0, 2), readFileSync(new URL(name, folder), 'utf8')]),
);

/** The first message of a script with a part exchanged, and what it says to do. */
function firstMessage(number: string, right: string, wrong: string): string {
  const text = scripts.get(number) ?? '';
  expect(text, number).to.contain(right);
  const [first] = checkText(text.replace(right, wrong)).diagnostics;
  return first === undefined ? 'none' : `${described(first)} | ${first.help}`;
}

describe('scripts over the public U-SQL samples', () => {
  for (const [number, text] of scripts) {
    it(`check without a word: ${number} ${text.slice(3, text.indexOf('\n'))}`, () => expectClean(text));
  }

  const wrong: readonly (readonly [string, string, string, string])[] = [
    [
      '01',
      'USING TsvReader(header = false, nullText = "NULL")',
      'USING Extractors.Tsv()',
      'PS2051 Extractors.Tsv is called TsvReader here | write TsvReader()',
    ],
    ['01', 'OUTPUT search TO', 'OUTPUT serach TO', 'PS2001 there is no rowset serach here | did you mean search?'],
    ['02', 'region == "en-gb"', 'regoin == "en-gb"', 'PS2003 there is no column regoin here | did you mean region?'],
    [
      '03',
      'GROUP BY region ORDER',
      'ORDER',
      'PS2020 region has many values in a group: it is neither in GROUP BY nor inside an aggregate | add it to GROUP BY, or take one value: FIRST(region), MIN(region), …',
    ],
    ['04', 'HAVING n > 1 AND longest > 200', 'HAVING m > 1', 'PS2003 there is no column m here'],
    [
      '05',
      'order = [duration, query]',
      'order = ["duration"]',
      'PS2052 order takes a list of columns | write the columns’ names in brackets, without quotes: order = [duration]',
    ],
    [
      '06',
      '(urls ?? "").split(";")',
      'query',
      'PS2041 EXPLODE makes a row of each element of an array; this is string | split it first: EXPLODE(text.split(";"))',
    ],
    [
      '07',
      'SELECT s.query',
      'SELECT user, s.query',
      'PS3001 user is a column of more than one source | say which: s.user or a.user',
    ],
    ['08', 'SELECT e.* FROM', 'SELECT x.* FROM', 'PS2040 no source of this FROM is called x | the sources are e'],
    ['09', '(4, "Dey")', '(4)', 'PS2044 this row has 1 value for 2 columns | null'],
    [
      '09',
      'AS (id, name);\nall',
      'AS (id, title);\nall',
      'PS2021 the sides of UNION do not have the same columns: the right side has no name; the left side has no title | SELECT the same columns on both sides, or name the ones to keep: UNION ON (…)',
    ],
    ['10', 'WHERE rank <= 2', 'WHERE RANK() OVER (ORDER BY latency) <= 2', 'PS3016'],
    [
      '11',
      'USING CsvWriter(header = true)',
      'USING Outputters.Csv()',
      'PS2051 Outputters.Csv is called CsvWriter here | write CsvWriter()',
    ],
    [
      '12',
      'day: datetime, _file',
      'day: string, _file',
      'PS2028 {day:MM} reads a date, but day is declared as string | write {column}, or {column:format} with a datetime column, and * for what does not matter',
    ],
    [
      '13',
      'month: int,',
      '',
      'PS2027 the path takes month from the file’s name, but the EXTRACT declares no such column | declare it: month: string',
    ],
    ['14', 'REDUCE timed ON user', 'REDUCE timed ON usr', 'PS2003 there is no column usr here | did you mean user?'],
    [
      '14',
      'HAVING finish > begin',
      'HAVING end > begin',
      'PS2003 there is no column end here | it has user, begin, finish',
    ],
    ['15', 'USING Matcher(', 'USING Sessions(', 'PS2004'],
    ['16', 'MESSAGE "no price" ELSE ROUTE TO unpriced', 'ELSE ROUTE TO orders', 'PS2046'],
    ['17', 'int(amount) WHEN', 'amount WHEN', 'PS3'],
    ['18', 'names.join', 'names.jion', 'PS3'],
    [
      '19',
      'OUTPUT TO "out/volatile.csv"',
      'OUTPUT TO "stocks/StockPrices.csv"',
      'PS2023 stocks/StockPrices.csv is also read by this script (stocks/StockPrices.csv) | write to another file',
    ],
    ['20', 'PARAMS @path', 'PARAMS @file', 'PS5008'],
  ];

  for (const [number, right, instead, message] of wrong) {
    it(`say how to mend ${number} with ${instead === '' ? `no ${right}` : instead}`, () => {
      expect(firstMessage(number, right, instead)).to.satisfy(
        (text: string) => text.startsWith(message),
        firstMessage(number, right, instead),
      );
    });
  }
});
