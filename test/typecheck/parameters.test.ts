import { expect } from 'chai';
import { checkText, described, expectAt, expectClean, typed } from '../support/check.ts';

const REST = 'OUTPUT VALUES (1) AS (n) TO "o.csv";\n';

function valueOf(declaration: string, given?: string): unknown {
  const parameters = given === undefined ? {} : { p: given };
  return typed(`DECLARE ${declaration};\nOUTPUT VALUES (@p) AS (n) TO "o.csv";\n`, { parameters }).parameters[0]?.value;
}

function misfit(declaration: string, given: string): readonly string[] {
  const text = `DECLARE ${declaration};\nOUTPUT VALUES (@p) AS (n) TO "o.csv";\n`;
  return checkText(text, { parameters: { p: given } }).diagnostics.map(({ code }) => code);
}

describe('DECLARE', () => {
  it('gives a constant of the declared type, or of the value’s', () => {
    expect(valueOf('@p: int = 1 + 2')).to.equal(3);
    expect(valueOf('@p = "a" + "b"')).to.equal('ab');
    expect(valueOf('@p: string? = null')).to.equal(null);
  });

  it('sees earlier parameters only', () => {
    expectClean(`DECLARE @a: int = 1;\nDECLARE @b: int = @a + 1;\nOUTPUT VALUES (@b) AS (n) TO "o.csv";\n`);
    const { diagnostics } = checkText(
      'DECLARE @b: int = @a;\nDECLARE @a: int = 1;\nOUTPUT VALUES (@b, @a) AS (n, m) TO "o.csv";\n',
    );
    expect(diagnostics.map(described)).to.have.lengthOf(1);
  });

  it('needs a constant that fits', () => {
    expectAt(`DECLARE @p: int = «1.5»;\nOUTPUT VALUES (@p) AS (n) TO "o.csv";\n`, 'PS3011');
    expectAt(
      `IMPORT { words } FROM "./operators.ts";\nDECLARE @p = «words("a")»;\nOUTPUT VALUES (@p) AS (n) TO "o.csv";\n`,
      'PS2026',
    );
  });
});

describe('--param', () => {
  it('is read as a value of the declared type', () => {
    expect(valueOf('@p: int = 1', '42')).to.equal(42);
    expect(valueOf('@p: long = 1', '-9007199254740991')).to.equal(-9007199254740991);
    expect(valueOf('@p: float = 1', '1e3')).to.equal(1000);
    expect(valueOf('@p: bool = true', 'false')).to.equal(false);
    expect(valueOf('@p: string = "x"', '42')).to.equal('42');
    expect(valueOf('@p: string? = "x"', 'null')).to.equal(null);
    expect(valueOf('@p: datetime = datetime(0)', '2020-02-29')).to.equal(Date.UTC(2020, 1, 29));
    expect(valueOf('@p: datetime = datetime(0)', '2020-02-29T01:02:03+01:00')).to.equal(Date.UTC(2020, 1, 29, 0, 2, 3));
    expect(valueOf('@p: int[] = [1]', '[1, 2]')).to.deep.equal([1, 2]);
    expect(valueOf('@p: string[] = ["a"]', '["1"]')).to.deep.equal(['1']);
  });

  it('that does not fit is refused, not bent', () => {
    expect(misfit('@p: int = 1', '2147483648')).to.deep.equal(['PS2036']);
    expect(misfit('@p: int = 1', '1.0')).to.deep.equal(['PS2036']);
    expect(misfit('@p: int = 1', '')).to.deep.equal(['PS2036']);
    expect(misfit('@p: long = 1', '9007199254740992')).to.deep.equal(['PS2036']);
    expect(misfit('@p: float = 1', '1e999')).to.deep.equal(['PS2036']);
    expect(misfit('@p: bool = true', 'yes')).to.deep.equal(['PS2036']);
    expect(misfit('@p: datetime = datetime(0)', '2021-02-29')).to.deep.equal(['PS2036']);
    expect(misfit('@p: int[] = [1]', '["1"]')).to.deep.equal(['PS2036']);
    expect(misfit('@p: string[] = ["a"]', '[1]')).to.deep.equal(['PS2036']);
  });

  it('must name a parameter', () => {
    const { diagnostics } = checkText(`DECLARE @input: string = "a";\nOUTPUT VALUES (@input) AS (n) TO "o.csv";\n`, {
      parameters: { inptu: 'x' },
    });
    expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).to.deep.equal([
      'PS2035 did you mean --param input=…?',
    ]);
  });
});

describe('SET', () => {
  it('takes the settings there are, with values that fit', () => {
    expect(typed(`SET workers = 2;\nSET remoteModels = true;\n${REST}`).settings).to.deep.equal([
      ['workers', 2],
      ['remoteModels', true],
    ]);
    expectAt(`SET workers = «0»;\n${REST}`, 'PS2043');
    expectAt(`SET workers = «"two"»;\n${REST}`, 'PS2011');
  });
});
