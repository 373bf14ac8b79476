import { expect } from 'chai';
import { modules } from '../../src/diagnostics/catalogue/modules.ts';
import { names } from '../../src/diagnostics/catalogue/names.ts';
import { operators } from '../../src/diagnostics/catalogue/operators.ts';
import { outputs } from '../../src/diagnostics/catalogue/outputs.ts';
import { repairs } from '../../src/diagnostics/catalogue/repairs.ts';
import { rowsets } from '../../src/diagnostics/catalogue/rowsets.ts';
import { checkText, described } from '../support/check.ts';

/** `--param name=value` of the `// pyscope run …` line that an example may begin with. */
function parametersOf(example: string): Readonly<Record<string, string>> {
  const given = [...(example.split('\n')[0] ?? '').matchAll(/--param (\w+)=(\S+)/g)];
  return Object.fromEntries(given.map(([, name, value]) => [name, value]));
}

describe('the catalogue of names, repairs and modules', () => {
  for (const [code, { title, why, example, cure }] of Object.entries({
    ...names,
    ...operators,
    ...rowsets,
    ...outputs,
    ...repairs,
    ...modules,
  })) {
    it(`says of ${code}, ${title}, what its example shows`, () => {
      expect(why).to.match(/\.$/);
      expect(title).to.match(/^\S.*[^.]$/);
      if (code === 'PS9001') return;
      const wrong = checkText(example, { parameters: parametersOf(example) }).diagnostics;
      expect(wrong.map(described).join('\n')).to.match(new RegExp(`^${code} [^\n]*$`));
      const right = checkText(cure, { parameters: parametersOf(cure) }).diagnostics;
      expect(right.map(described)).to.deep.equal([]);
    });
  }
});
