import type { Component } from 'vue';
import KeyedList from '../../scenarios/keyed-list/vue.vue';
import Conditionals from '../../scenarios/conditionals/vue.vue';
import Fragments from '../../scenarios/fragments/vue.vue';
import TextFields from '../../scenarios/text-fields/vue.vue';
import Choices from '../../scenarios/choices/vue.vue';

export const scenarios: Record<string, Component> = {
  'keyed-list': KeyedList,
  conditionals: Conditionals,
  fragments: Fragments,
  'text-fields': TextFields,
  choices: Choices,
};
