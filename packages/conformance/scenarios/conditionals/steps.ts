import { click, type Scenario } from '../../src/steps';

export default {
  name: 'conditionals',
  title: 'Conditionals',
  covers: 'chains of if, else if and else, nested ones, branches that show nothing, texts beside elements, elements of a name that changes',
  steps: [
    click('#next'),
    click('#next'),
    click('#a'),
    click('#next'),
    click('#b'),
    click('#a'),
    click('#next'),
    click('#a'),
    click('#b'),
    click('#next'),
    click('#inner'),
    click('#a'),
  ],
  faults: ['insertion', 'removal', 'texts'],
} satisfies Scenario;
