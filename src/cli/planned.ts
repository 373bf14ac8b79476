import type { Compilation } from '../api/compile.ts';
import type { Plan } from '../planner/plan.ts';

/** A script without errors. */
export type Planned = Compilation & { readonly plan: Plan };
