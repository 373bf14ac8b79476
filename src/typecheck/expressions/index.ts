export { aggregateNames, isAggregateName, isWindowName } from './aggregate-names.ts';
export { constantFailure, constantValue, foldConstants } from './constants.ts';
export { holds } from './contents.ts';
export { columnKey, narrow, narrowedBy } from './narrowing.ts';
export {
  asNonNull,
  assignable,
  commonType,
  converted,
  convertTo,
  isNumeric,
  isOrdered,
  isUnknown,
  unknownAt,
} from './relations.ts';
export { columnText, expressionText } from './text.ts';
export { typeCondition, typeExpr } from './type-expr.ts';
