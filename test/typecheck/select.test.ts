import { expect } from 'chai';
import { expectAt, expectClean, originText, rowset, schemaText, typed } from '../support/check.ts';
import type { TypedSelect } from '../../src/typecheck/typed.ts';

const SALES = 'sales = EXTRACT region: string, amount: int?, tags: string[] FROM "sales.csv";\n';
const SHOPS = 'shops = EXTRACT region: string, city: string FROM "shops.csv";\n';

const select = (rest: string) => `${SALES}s = SELECT ${rest};\nOUTPUT s TO "out.tsv";\n`;
const join = (rest: string) => `${SALES}${SHOPS}s = SELECT ${rest};\nOUTPUT s TO "out.tsv";\n`;

function selected(text: string): TypedSelect {
  const found = rowset(typed(text), 's');
  if (found.kind !== 'select') throw new Error(found.kind);
  return found;
}

const schema = (text: string) => schemaText(typed(text), 's');

describe('the items of a SELECT', () => {
  it('are named by AS, or as the column they are', () => {
    expect(schema(select('region, sales.amount, amount ?? 0 AS known FROM sales'))).to.equal(
      'region: string, amount: int?, known: int',
    );
    expectAt(select('«amount ?? 0» FROM sales'), 'PS2019');
    expectAt(select('region, «amount AS region» FROM sales'), 'PS2017');
  });

  it('keep the origin of a column, whatever it is called, and compute the others', () => {
    const script = typed(select('region AS place, amount ?? 0 AS known FROM sales'));
    expect(originText(script, 's', 'place')).to.equal('sales.region');
    expect(originText(script, 's', 'known')).to.equal('s.known');
  });

  it('are all columns for a star', () => {
    expect(schema(select('*, 1 AS one FROM sales'))).to.equal('region: string, amount: int?, tags: string[], one: int');
    expect(schema(select('s.* FROM sales AS s'))).to.equal('region: string, amount: int?, tags: string[]');
    expectAt(select('«t».* FROM sales AS s'), 'PS2040');
    expectAt(select('*, «1 AS region» FROM sales'), 'PS2017');
  });

  it('are not null behind a WHERE that says so', () => {
    expect(schema(select('amount, amount * 2 AS twice FROM sales WHERE amount != null'))).to.equal(
      'amount: int, twice: int',
    );
    expect(schema(select('region, amount FROM sales HAVING amount > 0'))).to.equal('region: string, amount: int');
  });

  it('are not seen by WHERE, but by HAVING and ORDER BY', () => {
    expectAt(select('region AS place FROM sales WHERE «place» == "x"'), 'PS2003');
    expectClean(select('region AS place FROM sales HAVING place == "x" ORDER BY place'));
  });
});

describe('TOP', () => {
  it('is a constant whole number', () => {
    expect(selected(`DECLARE @n: int = 3;\n${select('TOP @n region FROM sales')}`).top).to.equal(3);
    expectAt(`DECLARE @n: int = -3;\n${select('TOP «@n» region FROM sales')}`, 'PS2043');
    expectAt(`DECLARE @n: float = 3.5;\n${select('TOP «@n» region FROM sales')}`, 'PS2011');
  });
});

describe('a grouped SELECT', () => {
  it('has one value per group in every item', () => {
    expect(
      schema(select('region, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean FROM sales GROUP BY region')),
    ).to.equal('region: string, n: long, total: long?, mean: float?');
    expect(originText(typed(select('region AS r, COUNT(*) AS n FROM sales GROUP BY region')), 's', 'r')).to.equal(
      'sales.region',
    );
    expectAt(select('region, «amount», COUNT(*) AS n FROM sales GROUP BY region'), 'PS2020');
    expectAt(select('COUNT(*) AS n, «region» FROM sales'), 'PS2020');
    expectAt(select('region FROM sales GROUP BY region ORDER BY «amount»'), 'PS2020');
    expectAt(select('region FROM sales GROUP BY region HAVING «amount» > 1'), 'PS2020');
    expectAt(select('«*», COUNT(*) AS n FROM (SELECT region FROM sales)'), 'PS2020');
  });

  it('may group by an expression, and by an alias of one', () => {
    expectClean(select('region.toUpperCase() AS r, COUNT(*) AS n FROM sales GROUP BY region.toUpperCase()'));
    expectClean(select('region.toUpperCase() AS r, COUNT(*) AS n FROM sales GROUP BY r'));
    expectClean(select('region.toUpperCase() + "!" AS r, COUNT(*) AS n FROM sales GROUP BY region.toUpperCase()'));
    expectAt(
      select('«COUNT(*)» AS n FROM sales GROUP BY n').replace(
        '«COUNT(*)» AS n FROM sales GROUP BY n',
        'COUNT(*) AS n FROM sales GROUP BY «n»',
      ),
      'PS3015',
    );
  });

  it('says when a GROUP BY name means the column and not the alias', () => {
    expectAt(select('MAX(region.length) AS region FROM sales GROUP BY «region»'), 'PS2055');
  });

  it('means the column by a name inside an aggregate, also where an alias is called so', () => {
    expectClean(
      select('region, MAX(amount) AS amount FROM sales GROUP BY region HAVING MAX(amount) > 3 ORDER BY SUM(amount)'),
    );
    expectAt(select('region, SUM(amount) AS total FROM sales GROUP BY region HAVING MAX(«total») > 3'), 'PS3015');
  });

  it('is grouped by an aggregate anywhere but in a window', () => {
    expect(selected(select('COUNT(*) AS n FROM sales')).grouped).to.equal(true);
    expect(selected(select('region FROM sales GROUP BY region ORDER BY COUNT(*)')).grouped).to.equal(true);
    expect(selected(select('region, SUM(amount) OVER () AS total FROM sales')).grouped).to.equal(false);
  });

  it('may put windows over its groups', () => {
    expectClean(select('region, RANK() OVER (ORDER BY COUNT(*) DESC) AS place FROM sales GROUP BY region'));
    expectAt(select('region, RANK() OVER (ORDER BY «amount») AS place FROM sales GROUP BY region'), 'PS2020');
  });
});

describe('ORDER BY', () => {
  it('of a SELECT DISTINCT is over what it selects', () => {
    expectClean(select('DISTINCT region, amount FROM sales ORDER BY amount, region.length'));
    expectAt(select('DISTINCT region FROM sales ORDER BY «amount»'), 'PS2042');
  });

  it('does not count items', () => {
    expectAt(select('region FROM sales ORDER BY «1»'), 'PS2056');
  });
});

describe('a join', () => {
  it('finds its keys, and keeps the rest of ON', () => {
    const found = selected(
      join(
        'a.amount, b.city FROM sales AS a JOIN shops AS b ON a.region == b.region && b.city != "x" AND b.city.length == a.amount',
      ),
    );
    const [first] = found.from.joins;
    if (first?.kind !== 'join') throw new Error('no join');
    expect(first.keys).to.have.lengthOf(2);
    expect(first.on?.kind).to.equal('call');
    expect([found.from.source.alias, first.source.alias]).to.deep.equal(['a', 'b']);
  });

  it('makes a side nullable that it may leave empty', () => {
    const on = 'shops ON sales.region == shops.region';
    expect(schema(join(`sales.region, city FROM sales LEFT JOIN ${on}`))).to.equal('region: string, city: string?');
    expect(schema(join(`sales.region, city FROM sales RIGHT OUTER JOIN ${on}`))).to.equal(
      'region: string?, city: string',
    );
    expect(schema(join(`sales.region, city FROM sales FULL JOIN ${on}`))).to.equal('region: string?, city: string?');
    expect(schema(join(`sales.region, city FROM sales LEFT JOIN ${on} WHERE city != null`))).to.equal(
      'region: string, city: string',
    );
  });

  it('that only filters shows its left side only', () => {
    expect(schema(join('* FROM sales SEMI JOIN shops ON sales.region == shops.region'))).to.equal(
      'region: string, amount: int?, tags: string[]',
    );
    expectAt(join('region, «city» FROM sales ANTI JOIN shops ON sales.region == shops.region'), 'PS2003');
  });

  it('needs names that tell its sides apart', () => {
    expectAt(join('sales.amount FROM sales JOIN «sales» ON sales.region == sales.region').replace(SHOPS, ''), 'PS2039');
    expectAt(join('«region» FROM sales JOIN shops ON sales.region == shops.region'), 'PS3001');
    expectAt(join('«*» FROM sales JOIN shops ON sales.region == shops.region'), 'PS2018');
    expectClean(join('* FROM sales JOIN (SELECT city FROM shops) ON region == city'));
  });

  it('orders by the items’ names, which are unique where columns are not', () => {
    expectClean(join('sales.region, city FROM sales JOIN shops ON sales.region == shops.region ORDER BY region, city'));
  });

  it('keeps origins of both sides', () => {
    const script = typed(join('a.region AS x, b.region AS y FROM sales AS a CROSS JOIN sales AS b').replace(SHOPS, ''));
    expect([originText(script, 's', 'x'), originText(script, 's', 'y')]).to.deep.equal([
      'sales.region',
      'sales.region',
    ]);
  });
});

describe('EXPLODE', () => {
  it('adds a column of the elements, which the SELECT computes', () => {
    const script = typed(select('region, tag FROM sales CROSS APPLY EXPLODE(tags) AS tag WHERE tag != ""'));
    expect(schemaText(script, 's')).to.equal('region: string, tag: string');
    expect(originText(script, 's', 'tag')).to.equal('s.tag');
    expect(originText(script, 's', 'region')).to.equal('sales.region');
  });

  it('takes an array, and a name that is free', () => {
    expectAt(select('tag FROM sales CROSS APPLY EXPLODE(«region») AS tag'), 'PS2041');
    expectAt(select('tags FROM sales CROSS APPLY EXPLODE(tags) AS «tags»'), 'PS2017');
  });

  it('sees what was exploded before it', () => {
    expectClean(
      select('letter FROM sales CROSS APPLY EXPLODE(tags) AS tag CROSS APPLY EXPLODE(tag.split("")) AS letter'),
    );
  });
});

describe('a set operation', () => {
  const sides = (operation: string) => `${SALES}${SHOPS}s = ${operation};\nOUTPUT s TO "out.tsv";\n`;

  it('matches columns by name and keeps both sides’ origins', () => {
    const script = typed(sides('(SELECT region, "" AS city FROM sales) UNION shops'));
    expect(schemaText(script, 's')).to.equal('region: string, city: string');
    expect(originText(script, 's', 'region')).to.equal('sales.region shops.region');
  });

  it('lists what differs', () => {
    const found = expectAt(sides('«sales UNION (SELECT region, city, "1" AS amount FROM shops)»'), 'PS2021');
    expect(found.message).to.equal(
      'the sides of UNION do not have the same columns: amount is int? on the left and string on the right; the right side has no tags; the left side has no city',
    );
  });

  it('keeps the columns that ON names', () => {
    expect(schema(sides('sales UNION DISTINCT ON (region) shops'))).to.equal('region: string');
    expectAt(sides('sales EXCEPT ON («city») shops'), 'PS2003');
  });

  it('converts to a type that both sides have', () => {
    const script = typed(
      sides('(SELECT amount ?? 0 AS n FROM sales) UNION (SELECT city.length * 0.5 AS n FROM shops)'),
    );
    expect(schemaText(script, 's')).to.equal('n: float');
    expect(originText(script, 's', 'n').split(' ')).to.have.lengthOf(2);
    expect(schema(sides('(SELECT amount FROM sales) INTERSECT (SELECT city.length AS amount FROM shops)'))).to.equal(
      'amount: int?',
    );
  });
});

describe('an aggregate', () => {
  const rows = 'x = EXTRACT k: int, b: string, c: float, d: int? FROM "x.csv";\n';
  const typesOf = (select: string): string => schemaText(typed(`${rows}s = ${select};\nOUTPUT s TO "o.csv";\n`), 's');

  it('over a group is null only where its values may be, for no group is empty', () => {
    expect(typesOf('SELECT k, FIRST(b) AS b, MAX(c) AS c, SUM(k) AS s, MAX(d) AS d FROM x GROUP BY k')).to.equal(
      'k: int, b: string, c: float, s: long, d: int?',
    );
    expect(typesOf('SELECT STDEV(c) AS s, VAR(c) AS v FROM x GROUP BY k')).to.equal('s: float?, v: float?');
  });

  it('over all rows may have none', () => {
    expect(typesOf('SELECT FIRST(b) AS b, MAX(c) AS c, COUNT(*) AS n FROM x')).to.equal(
      'b: string?, c: float?, n: long',
    );
  });
});

describe('VALUES', () => {
  const values = (rows: string) => `s = VALUES ${rows};\nOUTPUT s TO "out.tsv";\n`;

  it('has the common type of each column, or the declared one', () => {
    expect(schema(values('(1, "a", null), (2.5, "b", true) AS (n, name, flag)'))).to.equal(
      'n: float, name: string, flag: bool?',
    );
    expect(schema(values('(1, null) AS (n: long, name: string?)'))).to.equal('n: long, name: string?');
    expectAt(values('(1), («"a"») AS (n)'), 'PS2011');
    expectAt(values('(«"a"») AS (n: int)'), 'PS2011');
  });

  it('has as many values as columns, under different names', () => {
    expectAt(values('(1, 2), «(3)» AS (a, b)'), 'PS2044');
    expectAt(values('(1, 2) AS (a, «a»)'), 'PS2017');
  });
});
