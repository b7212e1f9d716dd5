import { click, differs, press, type, type Scenario } from '../../src/steps';

export default {
  name: 'focus',
  title: 'Focus',
  covers: 'focus given by the program, by Tab and by mouse; focus and blur handlers; a field that takes the focus when it comes, and one that loses it when it goes; what has the focus while the list around it moves; select()',
  steps: [
    differs(click('#to-b'), { react: 'first-caret', vue: 'first-caret' }),
    press('End'),
    press('Tab'),
    press('Tab'),
    press('Shift+Tab'),
    click('#open'),
    type('#late', 'typed'),
    click('#open'),
    click('#select'),
    press('x'),
    type('#in-2', 'two'),
    differs(press('Alt+r'), { vue: 'moved-focus', dioxus: 'moved-focus' }),
    click('#a'),
    click('#in-2'),
    press('End', '!'),
    click('#to-b'),
    press('Control+Enter'),
  ],
  faults: ['focus', 'texts'],
} satisfies Scenario;
