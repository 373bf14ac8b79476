import { expect } from 'chai';
import fc from 'fast-check';
import { parseDatePattern } from '../../../src/typecheck/functions/date-pattern.ts';
import { formatIsoDate, parseIsoDate } from '../../../src/typecheck/functions/iso-date.ts';

const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
/** Years 1000 to 9999, which four letters hold. */
const commonTime = fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });

function parsed(pattern: string, text: string): string | null {
  const found = parseDatePattern(pattern);
  if (found.kind === 'pattern-problem') throw new Error(found.message);
  const time = found.parse(text);
  return time === null ? null : formatIsoDate(time);
}

function formatted(pattern: string, text: string): string {
  const found = parseDatePattern(pattern);
  if (found.kind === 'pattern-problem') throw new Error(found.message);
  return found.format(Date.parse(text));
}

function problem(pattern: string): string {
  const found = parseDatePattern(pattern);
  return found.kind === 'pattern-problem' ? found.message : 'none';
}

describe('parseIsoDate', () => {
  it('reads what toISOString writes', () => {
    fc.assert(fc.property(time, (ms) => void expect(parseIsoDate(new Date(ms).toISOString())).to.equal(ms)));
  });

  it('agrees with Date.parse on days and times that exist, and refuses all others', () => {
    const fields = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom('Z', '+05:30', '-08:00'),
    );
    const two = (part: number): string => String(part).padStart(2, '0');
    fc.assert(
      fc.property(fields, fc.boolean(), ([year, month, day, hour, minute, zone], dateOnly) => {
        const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const text = dateOnly ? date : `${date}T${two(hour)}:${two(minute)}${zone}`;
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
        const exists = day >= 1 && day <= days && (dateOnly || (hour < 24 && minute < 60));
        expect(parseIsoDate(text), text).to.equal(exists ? Date.parse(text) : null);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a time without an offset for UTC', () => {
    expect(parseIsoDate('2024-02-29 12:30')).to.equal(Date.UTC(2024, 1, 29, 12, 30));
    expect(parseIsoDate('2024-02-29T12:30:15.5')).to.equal(Date.UTC(2024, 1, 29, 12, 30, 15, 500));
    expect(parseIsoDate('2024-02-29T12:30:15,123000+0100')).to.equal(Date.UTC(2024, 1, 29, 11, 30, 15, 123));
  });

  it('refuses other texts, days that do not exist, and times it would have to round', () => {
    for (const text of [
      '',
      '2024',
      '2024-2-3',
      '2023-02-29',
      '2024-13-01',
      '2024-01-01T24:00',
      '2024-01-01T00:00:60',
      '2024-01-01T00:00:00.0001',
      '2024-01-01T00:00+25:00',
      ' 2024-01-01',
      '-000000-01-01',
      '+275760-09-14',
      '2024-01-01\n',
      '٢٠٢٤-01-01',
    ]) {
      expect(parseIsoDate(text), text).to.equal(null);
    }
  });
});

describe('parseDatePattern', () => {
  it('reads what it writes', () => {
    for (const pattern of [
      'yyyy-MM-dd HH:mm:ss.SSS',
      "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
      'M/d/yyyy h:mm:ss.SSS a',
      'EEEE, d MMMM y HH:mm:ss.SSS',
      'yyyyMMddHHmmssSSS',
      "h a, mm:ss.SSS 'o''clock' dd MMM yyyy Z",
    ]) {
      const found = parseDatePattern(pattern);
      if (found.kind === 'pattern-problem') throw new Error(found.message);
      fc.assert(
        fc.property(commonTime, (ms) => void expect(found.parse(found.format(ms)), found.format(ms)).to.equal(ms)),
      );
    }
  });

  it('reads the form of the U-SQL samples', () => {
    expect(parsed('M/d/yyyy h:mm:ss a', '2/15/2012 11:53:16 AM')).to.equal('2012-02-15T11:53:16.000Z');
    expect(parsed('M/d/yyyy h:mm:ss a', '12/1/2012 12:00:01 pm')).to.equal('2012-12-01T12:00:01.000Z');
    expect(parsed('M/d/yyyy h:mm:ss a', '12/1/2012 12:00:01 AM')).to.equal('2012-12-01T00:00:01.000Z');
  });

  it('takes parts that are not given from 1970-01-01T00:00Z', () => {
    expect(parsed('HH:mm', '23:59')).to.equal('1970-01-01T23:59:00.000Z');
    expect(parsed('MMM yyyy', 'feb 2024')).to.equal('2024-02-01T00:00:00.000Z');
  });

  it('reads one letter as one or two digits, two letters as two, and two-digit years as 1970 to 2069', () => {
    expect(parsed('d.M.yy', '1.2.69')).to.equal('2069-02-01T00:00:00.000Z');
    expect(parsed('d.M.yy', '01.12.70')).to.equal('1970-12-01T00:00:00.000Z');
    expect(parsed('dd.MM.yyyy', '1.2.2024')).to.equal(null);
    expect(parsed('yyyy-MM-dd', '12024-01-01')).to.equal(null);
  });

  it('goes by the offset', () => {
    expect(parsed("yyyy-MM-dd'T'HH:mmXXX", '2024-01-01T00:30+01:00')).to.equal('2023-12-31T23:30:00.000Z');
    expect(parsed('yyyy-MM-dd HH:mm Z', '2024-01-01 00:30 -0800')).to.equal('2024-01-01T08:30:00.000Z');
    expect(parsed('HHX', '05Z')).to.equal('1970-01-01T05:00:00.000Z');
  });

  it('refuses texts that do not fit, days that do not exist and weekdays that are wrong', () => {
    expect(parsed('yyyy-MM-dd', '2023-02-29')).to.equal(null);
    expect(parsed('yyyy-MM-dd', '2023-02-28 ')).to.equal(null);
    expect(parsed('M/d/yyyy', '13/1/2024')).to.equal(null);
    expect(parsed('h:mm a', '13:00 PM')).to.equal(null);
    expect(parsed('EEE d MMM yyyy', 'Mon 1 Jan 2024')).to.equal('2024-01-01T00:00:00.000Z');
    expect(parsed('EEE d MMM yyyy', 'Tue 1 Jan 2024')).to.equal(null);
    expect(parsed('HH:mm:ss.SSSSSS', '00:00:00.123456')).to.equal(null);
  });

  it('writes names in English and times in UTC', () => {
    expect(formatted('EEEE, MMMM d, yyyy, h:mm a XXX', '2024-07-04T15:05:00Z')).to.equal(
      'Thursday, July 4, 2024, 3:05 PM Z',
    );
    expect(formatted('yy SSSSSS x', '2024-07-04T15:05:00.120Z')).to.equal('24 120000 +00');
  });

  it('says what is wrong with a pattern', () => {
    expect(problem('YYYY-MM-dd')).to.contain('the year is y');
    expect(problem('yyyy-MM-DD')).to.contain('the day of the month is d');
    expect(problem('yyyy-MM-ddTHH:mm')).to.contain("'T'");
    expect(problem('h:mm')).to.contain('H is hours 0 to 23');
    expect(problem('yyyy yyyy')).to.contain('twice');
    expect(problem("yyyy 'a")).to.contain('not closed');
    expect(problem('MMMMM')).to.contain('not a width');
    expect(problem('--')).to.contain('no date or time letter');
    expect(problem('')).to.contain('no date or time letter');
  });
});
