import type { Scenario } from '../src/steps';
import keyedList from './keyed-list/steps';
import conditionals from './conditionals/steps';
import fragments from './fragments/steps';
import textFields from './text-fields/steps';
import choices from './choices/steps';

/** In the order of the report. */
export const scenarios: Scenario[] = [
  keyedList,
  conditionals,
  fragments,
  textFields,
  choices,
];
