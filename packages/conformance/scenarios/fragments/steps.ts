import { click, type Scenario } from '../../src/steps';

export default {
  name: 'fragments',
  title: 'Fragments',
  covers: 'components with many roots, one or none; keyed lists of pairs that move as one; fragments inside fragments; texts side by side',
  steps: [
    click('#reverse'),
    click('#grow'),
    click('#empty'),
    click('#reverse'),
    click('#grow'),
    click('#rotate'),
    click('#empty'),
    click('#drop'),
    click('#reverse'),
    click('#grow'),
  ],
  faults: ['order', 'removal', 'insertion'],
} satisfies Scenario;
