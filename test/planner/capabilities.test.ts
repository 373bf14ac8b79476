import { expect } from 'chai';
import { unsupported } from '../../src/planner/capabilities.ts';
import { planOf } from './support.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';

/** What is refused of a script, each with the text it points at. */
function refused(script: string): readonly string[] {
  const plan = planOf(script);
  return unsupported(plan).map(({ code, span, message }) => {
    const text = plan.sources[span.source]?.text.slice(span.start, span.end) ?? '';
    return `${code} at ${text}: ${message}`;
  });
}

describe('what the runtime does not run', () => {
  it('is nothing of a script that reads, filters, calls a model and writes', () => {
    const model =
      'p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label ON ERROR RETRY 2 TIMES ELSE DROP;';
    expect(
      refused(
        `${A} ${model} b = p WHERE x > 1 ASSERT y != "" ELSE ROUTE TO bad; OUTPUT b TO "b.csv"; OUTPUT bad TO "c.csv";`,
      ),
    ).to.deep.equal([]);
  });

  it('is a repair, at the action that raises it', () => {
    expect(refused(`${A} b = a WHEN x > 1 EDIT x = 0 LIMIT 1 ELSE DROP; OUTPUT b TO "b.csv";`)).to.deep.equal([
      'PS6101 at EDIT x = 0 LIMIT 1 ELSE DROP: this version does not run the repair EDIT yet',
    ]);
  });

  it('is an operator that repairs by itself', () => {
    const script = `IMPORT { SpellChecker } FROM "./operators.ts"; ${A} b = PROCESS a USING SpellChecker(text = y); OUTPUT b TO "b.csv";`;
    expect(refused(script)).to.deep.equal([
      'PS6101 at SpellChecker(text = y): this version does not run the repairs of SpellChecker yet',
    ]);
  });

  it('is ON ERROR behind a SELECT', () => {
    const [first = ''] = refused(`${A} b = SELECT 10 / x AS q FROM a ON ERROR DROP; OUTPUT b TO "b.csv";`);
    expect(first).to.include('ON ERROR behind a SELECT');
  });
});
