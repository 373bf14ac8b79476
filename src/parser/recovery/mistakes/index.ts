import { bracketsAreClosed, closingBracketsCloseSomething } from './brackets.ts';
import { formsAreOfThisLanguage } from './foreign.ts';
import {
  limitIsForRepairs,
  namesNeedNoDeclarator,
  parametersHaveAnAt,
  rowsetsAreSortedBySelect,
  rowsetsHaveNoAt,
  selectHasNoInto,
  wordsAreNegatedByNot,
} from './habits.ts';
import {
  byStandsBehindGroupAndOrder,
  commasSeparate,
  equalsSignsAreTheRightOnes,
  itemsAreSeparated,
  joinsHaveConditions,
  typesStandBehindColons,
} from './lists.ts';
import type { Mistake } from './mistake.ts';
import { clausesAreInOrder } from './order.ts';
import {
  keywordsAreNoNames,
  keywordsAreSpeltRight,
  keywordsAreUpperCase,
  smallWordsAreThere,
  smallWordsAreTheRightOnes,
} from './words.ts';

/** All known mistakes, each named by the claim that a right script fulfils; the more certain first. */
export const mistakes: readonly Mistake[] = [
  formsAreOfThisLanguage,
  namesNeedNoDeclarator,
  rowsetsHaveNoAt,
  selectHasNoInto,
  parametersHaveAnAt,
  keywordsAreUpperCase,
  byStandsBehindGroupAndOrder,
  wordsAreNegatedByNot,
  equalsSignsAreTheRightOnes,
  limitIsForRepairs,
  typesStandBehindColons,
  commasSeparate,
  clausesAreInOrder,
  rowsetsAreSortedBySelect,
  closingBracketsCloseSomething,
  keywordsAreSpeltRight,
  joinsHaveConditions,
  bracketsAreClosed,
  smallWordsAreTheRightOnes,
  smallWordsAreThere,
  keywordsAreNoNames,
  itemsAreSeparated,
];
