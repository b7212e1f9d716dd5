import { click, type Scenario } from '../../src/steps';

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
    click('#answer'),
    click('#next'),
    click('#hide'),
    click('#answer'),
    click('#hide'),
    click('#answer'),
  ],
  faults: ['texts', 'insertion'],
} satisfies Scenario;
