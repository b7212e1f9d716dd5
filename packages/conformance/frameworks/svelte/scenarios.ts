import type { Component } from 'svelte';
import KeyedList from '../../scenarios/keyed-list/svelte.svelte';
import Conditionals from '../../scenarios/conditionals/svelte.svelte';
import Fragments from '../../scenarios/fragments/svelte.svelte';
import TextFields from '../../scenarios/text-fields/svelte.svelte';
import Choices from '../../scenarios/choices/svelte.svelte';

export const scenarios: Record<string, Component> = {
  'keyed-list': KeyedList,
  conditionals: Conditionals,
  fragments: Fragments,
  'text-fields': TextFields,
  choices: Choices,
};
