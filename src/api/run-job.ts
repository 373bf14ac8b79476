/** From a script to the report of its run. The runtime is loaded when a job runs: operator modules import this package too, and only to be checked. */
import type { Listener } from '../runtime/events.ts';
import type { Report } from '../runtime/report/report.ts';
import type { Compilation, CompileOptions, TextScript } from './compile.ts';
import { compile } from './compile.ts';
import { CompileError, JobFailed } from './errors.ts';
import type { RunOptions } from './run-options.ts';
import type { ScriptOf } from './state/program.ts';

/**
 * Compiles and runs a script: a path, or a text. Rejects with a CompileError where the script has mistakes, and with a JobFailed where the job fails; a gate that
 * fails (EXPECT … HAVING) is the report's outcome.
 */
export async function runJob(script: string | TextScript, options: RunOptions & CompileOptions = {}): Promise<Report> {
  const compilation = await compile(script, { ...options, ...planFor(options), toRun: true });
  const path = typeof script === 'string' ? script : null;
  const name = typeof script === 'string' ? script : script.name;
  return reportOf(compilation, { name, path }, options);
}

/** Where the lineage is recorded, rules that hide clauses are left out. */
function planFor({ plan = {}, lineage = false }: RunOptions & CompileOptions): Pick<CompileOptions, 'plan'> {
  return lineage === false || typeof plan !== 'object' ? {} : { plan: { ...plan, lineage: true } };
}

/** Runs a compilation to its report; rejects as {@link runJob} does. */
export async function reportOf(compilation: Compilation, script: ScriptOf, options: RunOptions): Promise<Report> {
  const { plan } = compilation;
  if (plan === null) throw new CompileError(compilation.diagnostics, compilation.sources);
  const [{ runPlan }, { collect }, { begin }] = await Promise.all([
    import('./run-plan.ts'),
    import('../runtime/report/collect.ts'),
    import('./state/program.ts'),
  ]);
  const planned = { ...compilation, plan };
  const { job, recording, batchRows } = await begin(planned, script, options);
  const collector = collect(plan, script.name, job, Date.now());
  const listener: Listener = (event) => {
    collector.listen(event);
    recording?.listen(event);
    options.listener?.(event);
  };
  const answers = recording?.answers ?? options.answers;
  const kept = answers === undefined ? {} : { answers };
  const { error } = await runPlan(planned, { ...options, ...kept, job, batchRows, listener });
  if (error !== null) collector.fail(error);
  const report = collector.report(Date.now());
  await recording?.finish(report);
  if (error !== null) throw new JobFailed(error, report, plan.sources);
  return report;
}
