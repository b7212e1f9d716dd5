import { createElement } from 'react';
import { chosen } from '#chosen';
import { scenarios } from './scenarios';

export function App() {
  return createElement(scenarios[chosen()]!);
}
