import { click, type, until, type Scenario } from '../../src/steps';

export default {
  name: 'unmount',
  title: 'Unmount and mount again',
  covers: 'components with state, listeners, timers and lists that go and come back fresh; a key that makes new ones; a tree of five levels; everything gone, and back; what was kept by the state above',
  steps: [
    click('#inc-1'),
    type('#own-1', 'lost'),
    click('#toggle'),
    click('#toggle'),
    click('#inc-2'),
    click('#key'),
    type('#kept', 'kept'),
    click('#all'),
    click('#all'),
    ...Array.from({ length: 6 }, () => click('#toggle')),
    until('#ran', 'ran 1', click('#inc-1')),
    click('#deep'),
    click('#deep'),
  ],
  faults: ['removal', 'insertion', 'texts'],
} satisfies Scenario;
