/** Building a job in a program: each method writes one statement of a script, so that script and program meet in one checker. */
import type { Report } from '../../runtime/report/report.ts';
import type { Compilation } from '../compile.ts';
import { compile } from '../compile.ts';
import { reportOf } from '../run-job.ts';
import type { RunOptions } from '../run-options.ts';
import type {
  AssertArguments,
  CombineArguments,
  Condition,
  ExtractArguments,
  JobNode,
  JobOptions,
  OutputArguments,
  ProcessArguments,
  ReduceArguments,
  SelectArguments,
  UnionArguments,
  WhereArguments,
} from './arguments.ts';
import type { ColumnTypes } from './built-ins.ts';
import { BuiltInReader, BuiltInWriter } from './built-ins.ts';
import type { Using } from './calls.ts';
import { callText } from './calls.ts';
import { BuilderError, CompileError } from '../errors.ts';
import type { WrittenScript } from './script-writer.ts';
import { ScriptWriter, hintText, list, produceText } from './script-writer.ts';
import { constantText, nameText } from './text.ts';
import type { PredicateRow } from './virtual-module.ts';
import { BUILDER_MODULE, VirtualModule } from './virtual-module.ts';

/**
 * Builds the same job that a script describes. Steps follow one another; `inp:` takes another input than the step before, and `getNode()` gives it:
 *
 * ```ts
 * const job = new JobBuilder();
 * const scored = job
 *   .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
 *   .process({ using: new TextClassifier({ text: 'line', model: 'models/sentiment' }), produce: { label: 'sentiment' } })
 *   .getNode();
 * job.where({ inp: scored, predicate: "sentiment == 'POSITIVE'" })
 *   .output({ using: new CsvWriter({ to: 'positive.csv', order: ['line'] }) });
 * const report = await job.run();
 * ```
 *
 * A method throws a BuilderError where its arguments can make no statement; all else is found by `build()`, which names the call.
 */
export class JobBuilder {
  readonly #options: JobOptions;
  readonly #writer = new ScriptWriter();
  readonly #module = new VirtualModule();
  readonly #nodes = new WeakSet<JobNode>();
  #last: JobNode | null = null;

  constructor(options: JobOptions = {}) {
    this.#options = options;
  }

  /** EXTRACT: reads files. */
  extract({ using, from, columns, ...step }: ExtractArguments): this {
    return this.#step('extract', step, () => {
      const reader = using instanceof BuiltInReader ? using : null;
      const files = from ?? reader?.from ?? missing('from', 'the files to read');
      const declared =
        columns === undefined
          ? (reader?.columns ?? missing('columns', 'their names and types'))
          : Object.entries(columns);
      const types = declared.map(([name, type]) => `${nameText(name)}: ${type}`);
      const paths = typeof files === 'string' ? [files] : files;
      return `EXTRACT ${types.join(', ')} FROM ${paths.map(constantText).join(', ')} USING ${this.#call(using, 'extractor')}`;
    });
  }

  /** PROCESS: an operator over each row. */
  process({
    inp,
    using,
    produce,
    where,
    having,
    editCols,
    appendCols,
    deleteCols,
    failCols,
    ...step
  }: ProcessArguments): this {
    return this.#step('process', step, () => {
      const repaired = { editCols, appendCols, deleteCols, failCols };
      const calls = list(using).map((one) => this.#call(one, 'processor', repaired));
      const filters = `${this.#clause(' WHERE ', where)}${this.#clause(' HAVING ', having)}`;
      return `PROCESS ${this.#input(inp)} USING ${calls.join(' ELSE ')}${produceText(produce)}${filters}`;
    });
  }

  /** SELECT: expressions over each row. */
  select({ inp, items, where, ...step }: SelectArguments): this {
    return this.#step('select', step, () => {
      return `SELECT ${items.join(', ')} FROM ${this.#input(inp)}${this.#clause(' WHERE ', where)}`;
    });
  }

  /** WHERE: keeps the rows for which a condition holds: `where("sentiment == 'POSITIVE'")`, or a function with the columns it reads. */
  where<const C extends ColumnTypes>(condition: string | WhereArguments<C>): this {
    const given: WhereArguments<C> = typeof condition === 'string' ? { predicate: condition } : condition;
    return this.#step('where', given, () => `${this.#input(given.inp)} WHERE ${this.#condition(given)}`);
  }

  /** ASSERT: what happens to rows for which a condition does not hold. */
  assert<const C extends ColumnTypes>(given: AssertArguments<C>): this {
    return this.#step('assert', given, () => {
      const message = this.#clause(' MESSAGE ', given.message);
      return `${this.#input(given.inp)} ASSERT ${this.#condition(given)}${message} ELSE ${given.otherwise ?? 'ABORT'}`;
    });
  }

  /** UNION: the rows of several rowsets with the same columns. */
  union({ inp, distinct = false, ...step }: UnionArguments): this {
    return this.#step('union', step, () => {
      const rowsets = inp.map((node) => this.#input(node)).join(distinct ? ' UNION DISTINCT ' : ' UNION ');
      return step.hint === undefined ? rowsets : `(${rowsets})`;
    });
  }

  /** REDUCE: an operator over each group of rows. */
  reduce({
    inp,
    on,
    presort,
    using,
    produce,
    having,
    editCols,
    appendCols,
    deleteCols,
    failCols,
    ...step
  }: ReduceArguments): this {
    return this.#step('reduce', step, () => {
      const sorted = presort === undefined ? '' : ` PRESORT ${presort.join(', ')}`;
      const repaired = { editCols, appendCols, deleteCols, failCols };
      const call = `${this.#call(using, 'reducer', repaired)}${produceText(produce)}${this.#clause(' HAVING ', having)}`;
      return `REDUCE ${this.#input(inp)} ON ${on.map(nameText).join(', ')}${sorted} USING ${call}`;
    });
  }

  /** COMBINE: an operator over each pair of matching groups. */
  combine({ inp: [left, right], outer, on, using, produce, having, ...step }: CombineArguments): this {
    return this.#step('combine', step, () => {
      const call = `${this.#call(using, 'combiner')}${produceText(produce)}${this.#clause(' HAVING ', having)}`;
      const condition = this.#writer.expression(on);
      return `COMBINE ${this.#input(left)} AS left${outer === undefined ? '' : ` ${outer.toUpperCase()}`} WITH ${this.#input(right)} AS right ON ${condition} USING ${call}`;
    });
  }

  /** OUTPUT: writes the rows to a file, and compares them with a ground truth. The next step goes on from the same rows. */
  output({ inp, using, to, orderBy, gt, having }: OutputArguments): this {
    this.#write('output', () => {
      const writer = using instanceof BuiltInWriter ? using : null;
      const path = to ?? writer?.to ?? missing('to', 'the file to write');
      const truth = gt ?? writer?.gt;
      const sorted = orderBy === undefined ? '' : ` ORDER BY ${orderBy.join(', ')}`;
      const expected = truth === undefined ? '' : ` EXPECT ${constantText(truth)}`;
      const gate = this.#clause(' HAVING ', having ?? writer?.having);
      const call = this.#call(using, 'outputter');
      return `OUTPUT ${this.#input(inp)} TO ${constantText(path)} USING ${call}${sorted}${expected}${gate}`;
    });
    return this;
  }

  /** The rowset of the last step, or of a name that an `assert` routes rows to. */
  getNode(name?: string): JobNode {
    const node: JobNode | null = name === undefined ? this.#last : { kind: 'job-node', name };
    if (node === null) throw new BuilderError('getNode(): there is no step yet');
    this.#nodes.add(node);
    return node;
  }

  /** The job as a script. Operators and predicates of the program are imported from a module that only this builder has. */
  toScript(): string {
    return this.#written().text;
  }

  /** Writes the job's script and checks that each text given to the builder is what it has to be; throws a CompileError. */
  async preBuild(): Promise<string> {
    const written = this.#written();
    const { checkExpressions } = await import('./check-expressions.ts');
    checkExpressions(written, this.#writer.expressions());
    return written.text;
  }

  /** Checks the types of the whole job, optimises and plans it; rejects with a CompileError that has all mistakes. */
  async build(): Promise<Compilation> {
    return this.#compiled(false);
  }

  /** Builds and runs the job; the report has rows, outputs and F1. Rejects as `build()` does, and with a JobFailed where the job fails. */
  async run(options: RunOptions = {}): Promise<Report> {
    const compilation = await this.#compiled((options.lineage ?? false) !== false);
    return reportOf(compilation, { name: this.#options.template ?? '<job>', path: null }, options);
  }

  async #compiled(lineage: boolean): Promise<Compilation> {
    await this.preBuild();
    const { text, callAt } = this.#written();
    const { folder = process.cwd(), template = '<job>', dagOpt = true, disableOpts = [] } = this.#options;
    const compilation = await compile(
      { text, name: template, folder },
      {
        plan: { noOpt: !dagOpt, disableOpts: new Set(disableOpts), lineage },
        modules: new Map([[BUILDER_MODULE, this.#module.load()]]),
      },
    );
    if (compilation.plan !== null) return compilation;
    throw new CompileError(compilation.diagnostics, compilation.sources, callAt);
  }

  #written(): WrittenScript {
    const { template, enableGc = true, hint = {} } = this.#options;
    const settings = Object.entries({ name: template, ...hint, ...(enableGc ? {} : { lineage: true }) });
    const set = settings
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `SET ${name} = ${constantText(value)};`);
    const names = this.#module.names();
    const imports = names.length === 0 ? [] : [`IMPORT { ${names.join(', ')} } FROM ${constantText(BUILDER_MODULE)};`];
    return this.#writer.script([...set, ...imports]);
  }

  #step(
    method: string,
    { name, hint, onError }: Pick<SelectArguments, 'name' | 'hint' | 'onError'>,
    rowset: () => string,
  ): this {
    const node: JobNode = { kind: 'job-node', name: name ?? this.#writer.freshName(method) };
    this.#write(
      method,
      () =>
        `${nameText(node.name)} = ${rowset()}${onError === undefined ? '' : ` ON ERROR ${onError}`}${hintText(hint)}`,
    );
    this.#nodes.add(node);
    this.#last = node;
    return this;
  }

  #write(method: string, statement: () => string): void {
    try {
      this.#writer.add(method, statement);
    } catch (thrown) {
      throw new BuilderError(`${method}(): ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
        cause: thrown,
      });
    }
  }

  #input(inp: JobNode | undefined): string {
    const node = inp ?? this.#last;
    if (node === null) throw new TypeError('there is no rowset before it; begin with extract()');
    if (!this.#nodes.has(node)) throw new TypeError(`inp is no node of this builder; getNode() gives one`);
    return nameText(node.name);
  }

  #call(using: Using, role: Parameters<typeof callText>[1], repaired?: Parameters<typeof callText>[3]): string {
    return callText(using, role, this.#module, repaired);
  }

  #clause(keyword: string, expression: string | undefined): string {
    return expression === undefined ? '' : `${keyword}${this.#writer.expression(expression)}`;
  }

  #condition<C extends ColumnTypes>({ predicate, inColTypes }: Condition<C>): string {
    if (typeof predicate === 'string') return this.#writer.expression(predicate);
    const columns = Object.entries<string>(inColTypes ?? {});
    const name = this.#module.predicate(predicate as Predicate, columns);
    return `${name}(${columns.map(([column]) => nameText(column)).join(', ')})`;
  }
}

/** A predicate without its columns' types; the checker sees to it that it gets values of those types. */
type Predicate = (row: PredicateRow) => boolean;

function missing(argument: string, what: string): never {
  throw new TypeError(`${argument} is missing: ${what}`);
}
