export { Processor } from '../runtime/operators/processor.ts';
export { declareFunction } from '../runtime/operators/function.ts';
export type { Row } from '../runtime/operators/row.ts';
