import type { ComponentType } from 'react';
import KeyedList from '../../scenarios/keyed-list/react';
import Conditionals from '../../scenarios/conditionals/react';
import Fragments from '../../scenarios/fragments/react';
import TextFields from '../../scenarios/text-fields/react';
import Choices from '../../scenarios/choices/react';
import Forms from '../../scenarios/forms/react';
import Focus from '../../scenarios/focus/react';
import Attributes from '../../scenarios/attributes/react';
import Effects from '../../scenarios/effects/react';
import ErrorBoundary from '../../scenarios/error-boundary/react';
import AsyncData from '../../scenarios/async-data/react';
import Timers from '../../scenarios/timers/react';
import Svg from '../../scenarios/svg/react';
import Tables from '../../scenarios/tables/react';
import Portal from '../../scenarios/portal/react';
import Unmount from '../../scenarios/unmount/react';

export const scenarios: Record<string, ComponentType> = {
  'keyed-list': KeyedList,
  conditionals: Conditionals,
  fragments: Fragments,
  'text-fields': TextFields,
  choices: Choices,
  forms: Forms,
  focus: Focus,
  attributes: Attributes,
  effects: Effects,
  'error-boundary': ErrorBoundary,
  'async-data': AsyncData,
  timers: Timers,
  svg: Svg,
  tables: Tables,
  portal: Portal,
  unmount: Unmount,
};
