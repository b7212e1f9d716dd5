import { click, type Scenario } from '../../src/steps';

export default {
  name: 'error-boundary',
  title: 'Error boundaries',
  covers: 'errors of rendering and of effects, at the first rendering and later; what is shown instead; starting again; an error inside of another boundary; what is outside goes on',
  steps: [
    click('#count'),
    click('#break-render'),
    click('#count'),
    click('#reset'),
    click('#break-effect'),
    click('#reset'),
    click('#inner'),
    click('#count'),
    click('#mend'),
    click('#break-render'),
    click('#mend'),
    click('#reset'),
  ],
  faults: ['insertion', 'removal', 'texts'],
} satisfies Scenario;
