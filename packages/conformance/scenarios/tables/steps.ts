import { click, type, type Scenario } from '../../src/steps';

export default {
  name: 'tables',
  title: 'Tables',
  covers: 'head, bodies, foot, caption and columns; rows sorted, added, removed and grouped; columns that come and go; spans; a cell that is edited in place',
  steps: [
    click('#by-name'),
    click('#by-name'),
    click('#by-amount'),
    click('#columns'),
    click('tbody tr:nth-child(3) .remove'),
    click('#add'),
    click('#group'),
    click('#by-name'),
    click('tbody tr:nth-child(2) .edit'),
    type('#cell', ' edited'),
    click('#columns'),
    click('#group'),
    click('#empty'),
    click('#add'),
  ],
  faults: ['order', 'texts', 'removal'],
} satisfies Scenario;
