import type { Component } from 'vue';
import KeyedList from '../../scenarios/keyed-list/vue.vue';
import Conditionals from '../../scenarios/conditionals/vue.vue';
import Fragments from '../../scenarios/fragments/vue.vue';
import TextFields from '../../scenarios/text-fields/vue.vue';
import Choices from '../../scenarios/choices/vue.vue';
import Forms from '../../scenarios/forms/vue.vue';
import Focus from '../../scenarios/focus/vue.vue';
import Attributes from '../../scenarios/attributes/vue.vue';
import Effects from '../../scenarios/effects/vue.vue';
import ErrorBoundary from '../../scenarios/error-boundary/vue.vue';
import AsyncData from '../../scenarios/async-data/vue.vue';
import Timers from '../../scenarios/timers/vue.vue';
import Svg from '../../scenarios/svg/vue.vue';
import Tables from '../../scenarios/tables/vue.vue';
import Portal from '../../scenarios/portal/vue.vue';
import Unmount from '../../scenarios/unmount/vue.vue';

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
