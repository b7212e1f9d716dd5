import { click, press, type, type Scenario } from '../../src/steps';

export default {
  name: 'forms',
  title: 'Forms',
  covers: 'submit by button and by Enter, what was entered as FormData, a handler that empties the form, uncontrolled fields with initial values, fieldsets that are disabled, labels, details',
  steps: [
    type('#what', 'tea'),
    press('Enter'),
    type('#what', 'milk'),
    click('label[for=gift]'),
    click('#send'),
    click('#disable'),
    click('#enable'),
    type('#note', ' more'),
    click('#send'),
    click('#again'),
    type('#note', 'x'),
    click('summary'),
  ],
  faults: ['state', 'attributes', 'texts'],
} satisfies Scenario;
