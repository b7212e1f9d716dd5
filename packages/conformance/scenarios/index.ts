import type { Scenario } from '../src/steps';
import keyedList from './keyed-list/steps';
import conditionals from './conditionals/steps';
import fragments from './fragments/steps';
import textFields from './text-fields/steps';
import choices from './choices/steps';
import forms from './forms/steps';
import focus from './focus/steps';
import attributes from './attributes/steps';
import effects from './effects/steps';
import errorBoundary from './error-boundary/steps';
import asyncData from './async-data/steps';
import timers from './timers/steps';
import svg from './svg/steps';
import tables from './tables/steps';
import portal from './portal/steps';
import unmount from './unmount/steps';

/** In the order of the report. */
export const scenarios: Scenario[] = [
  keyedList,
  conditionals,
  fragments,
  textFields,
  choices,
  forms,
  focus,
  attributes,
  effects,
  errorBoundary,
  asyncData,
  timers,
  svg,
  tables,
  portal,
  unmount,
];
