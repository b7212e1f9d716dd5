import { click, type Scenario } from '../../src/steps';

export default {
  name: 'svg',
  title: 'SVG',
  covers: 'shapes, paths and texts that change, come and go; names in camel case; gradients and clips; use and xlink; HTML in foreignObject and back; events on shapes; MathML',
  steps: [
    click('#next'),
    click('#next'),
    click('rect:nth-of-type(2)'),
    click('#next'),
    click('#next'),
    click('rect:nth-of-type(1)'),
    click('#kind'),
    click('#inside'),
    click('#next'),
    click('#kind'),
  ],
  faults: ['attributes', 'texts'],
} satisfies Scenario;
