import { click, type Scenario } from '../../src/steps';

export default {
  name: 'attributes',
  title: 'Attributes, classes and styles',
  covers: 'texts, numbers, booleans, null and undefined as values of attributes of every kind; aria and data; classes and styles that change in part; spread props; custom properties',
  steps: Array.from({ length: 10 }, () => click('#next')),
  faults: ['attributes', 'texts'],
} satisfies Scenario;
