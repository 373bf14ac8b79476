import { expect } from 'chai';
import { planner } from '../../src/diagnostics/catalogue/planner.ts';
import { unsupported } from '../../src/planner/capabilities.ts';
import { plan } from '../../src/planner/make-plan.ts';
import { typed } from '../support/check.ts';

/** Codes of all that planning and refusing say of a script; `--disable-opt name` may stand in its first line. */
function saidOf(text: string): readonly string[] {
  const disabled = [...text.matchAll(/--disable-opt (\S+)/g)].map(([, name = '']) => name);
  const planned = plan(typed(text), { disableOpts: new Set(disabled), noOpt: false });
  const refused = planned.plan === null ? [] : unsupported(planned.plan);
  return [...planned.diagnostics, ...refused].map(({ code }) => code);
}

describe('the catalogue of the planner', () => {
  for (const [code, { title, why, example, cure }] of Object.entries(planner)) {
    it(`says of ${code}, ${title}, what its example shows`, () => {
      expect(why).to.match(/\.$/);
      expect(saidOf(example)).to.deep.equal([code]);
      expect(saidOf(cure)).to.deep.equal([]);
    });
  }
});
