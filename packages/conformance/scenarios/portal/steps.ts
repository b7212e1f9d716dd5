import { click, press, type, type Scenario } from '../../src/steps';

export default {
  name: 'portal',
  title: 'Portals',
  covers: 'a dialog that is rendered at the end of the slot, with its state where it was made; events in it, and where they go; two at the same time; one inside of another element; closed by a button, by Escape and by its maker',
  steps: [
    click('#open'),
    click('#in-dialog'),
    type('#field', 'typed'),
    click('#second'),
    click('#in-second'),
    click('#second'),
    press('Escape'),
    click('#open'),
    click('#move'),
    click('#moved'),
    click('#move'),
    click('#unmake'),
    click('#unmake'),
    click('#open'),
  ],
  faults: ['insertion', 'removal', 'texts'],
} satisfies Scenario;
