import type { Component } from 'svelte';
import KeyedList from '../../scenarios/keyed-list/svelte.svelte';
import Conditionals from '../../scenarios/conditionals/svelte.svelte';
import Fragments from '../../scenarios/fragments/svelte.svelte';
import TextFields from '../../scenarios/text-fields/svelte.svelte';
import Choices from '../../scenarios/choices/svelte.svelte';
import Forms from '../../scenarios/forms/svelte.svelte';
import Focus from '../../scenarios/focus/svelte.svelte';
import Attributes from '../../scenarios/attributes/svelte.svelte';
import Effects from '../../scenarios/effects/svelte.svelte';
import ErrorBoundary from '../../scenarios/error-boundary/svelte.svelte';
import AsyncData from '../../scenarios/async-data/svelte.svelte';
import Timers from '../../scenarios/timers/svelte.svelte';
import Svg from '../../scenarios/svg/svelte.svelte';
import Tables from '../../scenarios/tables/svelte.svelte';
import Portal from '../../scenarios/portal/svelte.svelte';
import Unmount from '../../scenarios/unmount/svelte.svelte';

export const scenarios: Record<string, Component> = {
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
