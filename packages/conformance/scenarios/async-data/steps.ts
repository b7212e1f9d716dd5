import { click, until, type Scenario } from '../../src/steps';

export default {
  name: 'async-data',
  title: 'Asynchronous data',
  covers: 'what is shown while data is on its way, when it comes and when it fails; asked for again; answers that come in another order than they were asked for; data that comes when nobody waits any more; the framework\'s own way to wait (Suspense, await)',
  steps: [
    click('#ask'),
    click('#answer'),
    click('#ask'),
    click('#refuse'),
    click('#ask'),
    click('#ask'),
    click('#newest'),
    click('#answer'),
    click('#next'),
    // React holds a fallback for a while, so that it does not flicker.
    until('section b', 'data of page 1', click('#answer')),
    click('#next'),
    click('#hide'),
    click('#answer'),
    click('#hide'),
    until('section b', 'data of page 3', click('#answer')),
  ],
  faults: ['texts', 'insertion'],
} satisfies Scenario;
