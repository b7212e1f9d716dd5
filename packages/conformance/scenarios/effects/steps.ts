import { click, type Scenario } from '../../src/steps';

export default {
  name: 'effects',
  title: 'Order of effects',
  covers: 'effects of every kind the framework has, in parents and children: which run, when and in what order, at mount, update and unmount; effects that set state; what an effect finds in the tree',
  steps: [
    click('#show'),
    click('#more'),
    click('#show'),
    click('#toggle'),
    click('#show'),
    click('#more'),
    click('#toggle'),
    click('#show'),
    click('#swap'),
    click('#show'),
  ],
  faults: ['insertion', 'removal'],
} satisfies Scenario;
