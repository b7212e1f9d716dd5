import type { ComponentType } from 'react';
import KeyedList from '../../scenarios/keyed-list/react';
import Conditionals from '../../scenarios/conditionals/react';
import Fragments from '../../scenarios/fragments/react';
import TextFields from '../../scenarios/text-fields/react';
import Choices from '../../scenarios/choices/react';

export const scenarios: Record<string, ComponentType> = {
  'keyed-list': KeyedList,
  conditionals: Conditionals,
  fragments: Fragments,
  'text-fields': TextFields,
  choices: Choices,
};
