import { click, type, type Scenario } from '../../src/steps';

const seeds = 20;

export default {
  name: 'keyed-list',
  title: 'Keyed lists',
  covers: `60 keyed rows: ${seeds} seeds of permutations with rows that come, go and change; reverse, swap, sort, rotate, insert, clear; text typed into a row goes with the row`,
  steps: [
    type('[data-row="7"] input', 'stays'),
    click('#reverse'),
    click('#swap'),
    ...Array.from({ length: seeds }, () => click('#shuffle')),
    click('#sort'),
    type('li:nth-child(3) input', 'third'),
    click('#rotate'),
    click('#third'),
    click('#front'),
    click('#middle'),
    click('#clear'),
    click('#fill'),
    click('#shuffle'),
  ],
  faults: ['order', 'removal', 'texts'],
} satisfies Scenario;
