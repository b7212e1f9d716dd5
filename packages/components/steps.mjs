/**
 * What a person does with each component, and what is to be seen after it.
 *
 * A step is `[what, act, look, expected]`: `look` is asked until it gives `expected`.
 */

const css = (selector) => (page) => page.locator(selector);
const role = (name, called, exact = true) => (page) => page.getByRole(name, { name: called, exact });
const placeholder = (text) => (page) => page.getByPlaceholder(text, { exact: true });
const label = (text) => (page) => page.getByLabel(text, { exact: true });
const named = (text) => (page) => page.getByText(text, { exact: true });

const click = (find) => (page) => find(page).click();
const press = (key) => (page) => page.keyboard.press(key);
const type = (find, text) => async (page) => {
  await find(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
};
/** Most forms check a field when it is left. */
const typeAndLeave = (find, text) => async (page) => {
  await type(find, text)(page);
  await page.keyboard.press('Tab');
};
const choose = (find, value) => (page) => find(page).selectOption(value);
const hover = (find) => (page) => find(page).hover();
/** The mouse wheel over an element. */
const wheel = (find, by) => async (page) => {
  await find(page).hover();
  await page.mouse.wheel(0, by);
};

const text = (find) => (page) => find(page).innerText();
const texts = (find) => async (page) => (await find(page).allInnerTexts()).map((found) => found.replace(/\s+/g, ' ').trim());
const count = (find) => (page) => find(page).count();
const shown = (find) => (page) => find(page).isVisible();
const value = (find) => (page) => find(page).inputValue();
const attribute = (find, name) => (page) => find(page).getAttribute(name);
const style = (find, name) => (page) => find(page).evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
/** Text, placeholder or id of what has the focus in the slot. */
const focus = (page) =>
  page.evaluate(() => {
    const active = document.querySelector('pc-slot').shadowRoot.activeElement;
    return active === null ? null : active.id && !/^(radix|headlessui|bits|downshift|_r|«)/.test(active.id) ? active.id : active.placeholder || active.innerText.trim();
  });
const focusRole = (page) => page.evaluate(() => document.querySelector('pc-slot').shadowRoot.activeElement?.getAttribute('role') ?? null);
const both = (...looks) => async (page) => Promise.all(looks.map((look) => look(page)));

const dialog = role('dialog', 'Edit profile');
const trigger = role('button', 'Edit profile');
const radixDialog = [
  ['a click opens the dialog, and its first field has the focus', click(trigger), both(count(dialog), text(css('#profile')), focus), [1, 'Pedro Duarte, saved 0 times, open', 'name']],
  ['what stands around it is hidden from screen readers', press('End'), attribute(css('main'), 'aria-hidden'), 'true'],
  ['a letter is typed', press('x'), text(css('#profile')), 'Pedro Duartex, saved 0 times, open'],
  ['a click inside leaves it open', click(css('.DialogDescription')), count(dialog), 1],
  ['Escape closes it, and the focus goes back', press('Escape'), both(count(dialog), focus), [0, 'Edit profile']],
  ['Enter opens it', press('Enter'), both(count(dialog), text(css('#profile'))), [1, 'Pedro Duartex, saved 0 times, open']],
  ['the name is another', type(css('#name'), 'Ada Lovelace'), text(css('#profile')), 'Ada Lovelace, saved 0 times, open'],
  ['saving closes it', click(role('button', 'Save changes')), both(count(dialog), text(css('#profile')), focus), [0, 'Ada Lovelace, saved 1 times, closed', 'Edit profile']],
  ['it opens again with the new name', click(trigger), value(css('#name')), 'Ada Lovelace'],
  ['a click outside closes it', (page) => page.mouse.click(700, 500), both(count(dialog), text(css('#profile'))), [0, 'Ada Lovelace, saved 1 times, closed']],
  ['it opens, and the cross closes it', async (page) => {
    await trigger(page).click();
    await role('button', 'Close')(page).click();
  }, both(count(dialog), attribute(css('main'), 'aria-hidden')), [0, null]],
];

const answers = both(count(css('.AccordionContentText')), texts(css('.AccordionContentText')));
const radixAccordion = [
  ['a click opens another item and closes the first', click(role('button', 'Is it unstyled?')), answers, [1, ["Yes. It's unstyled by default, giving you freedom over the look and feel."]]],
  ['a second click closes it', click(role('button', 'Is it unstyled?')), answers, [0, []]],
  ['Arrow down goes to the next', press('ArrowDown'), focus, 'Can it be animated?'],
  ['Enter opens it', press('Enter'), answers, [1, ['Yes! You can animate the Accordion with CSS or JavaScript.']]],
  ['Home goes to the first', press('Home'), focus, 'Is it accessible?'],
  ['Space opens it', press('Space'), answers, [1, ['Yes. It adheres to the WAI-ARIA design pattern.']]],
  ['End goes to the last', press('End'), focus, 'Can it be animated?'],
  ['Arrow down goes around', press('ArrowDown'), focus, 'Is it accessible?'],
  ['Arrow up goes around', press('ArrowUp'), focus, 'Can it be animated?'],
  ['a click says so to screen readers', click(role('button', 'Can it be animated?')), attribute(role('button', 'Can it be animated?'), 'aria-expanded'), 'true'],
  ['Space closes it', press('Space'), answers, [0, []]],
];

const options = texts(css('li span'));
const bookField = placeholder('Best book ever');
const downshift = [
  ['a click on the field opens the list', click(bookField), count(css('li')), 6],
  ['letters filter it', type(bookField, 'th'), options, ['The Idiot']],
  ['Arrow down highlights', press('ArrowDown'), both(attribute(css('li'), 'aria-selected'), attribute(bookField, 'aria-activedescendant')), ['true', 'downshift-_r_0_-item-0']],
  ['Enter takes it', press('Enter'), both(value(bookField), text(css('#chosen')), count(css('li'))), ['The Idiot', 'Fyodor Dostoyevsky', 0]],
  ['the button opens the list', click(role('button', 'toggle menu')), options, ['The Idiot']],
  ['Escape closes it', press('Escape'), count(css('li')), 0],
  ['Escape again empties the field', press('Escape'), both(value(bookField), text(css('#chosen'))), ['', 'nobody']],
  ['an author is found, too', type(bookField, 'orw'), options, ['1984']],
  ['a click takes it', click(named('1984')), both(value(bookField), text(css('#chosen'))), ['1984', 'George Orwell']],
  ['what is in no book finds none', type(bookField, 'zzz'), both(count(css('li')), value(bookField)), [0, 'zzz']],
  ['Backspace three times: all are there', async (page) => {
    for (let times = 0; times < 3; times++) await page.keyboard.press('Backspace');
  }, count(css('li')), 6],
  ['Arrow up highlights the last', press('ArrowUp'), attribute(css('li >> nth=5'), 'aria-selected'), 'true'],
  ['the mouse highlights', hover(css('li >> nth=2')), attribute(css('li >> nth=2'), 'aria-selected'), 'true'],
  ['Tab takes what is highlighted', press('Tab'), both(text(css('#chosen')), count(css('li'))), ['Fyodor Dostoyevsky', 0]],
];

const firstNames = async (page) => (await css('tbody tr td:nth-child(2)')(page).allInnerTexts()).slice(0, 3);
const state = text(css('#state'));
const tanstackTable = [
  ['a click on a head sorts', click(role('columnheader', 'Name')), firstNames, ['Ada 3', 'Ada 11', 'Ada 19']],
  ['and the other way round', click(css('th >> nth=1')), firstNames, ['Tanner 112', 'Tanner 104', 'Tanner 96']],
  ['the third click: as it was', click(css('th >> nth=1')), firstNames, ['Tanner 0', 'Tandy 1', 'Joe 2']],
  ['numbers sort as numbers', click(css('th >> nth=3')), (page) => css('tbody tr td:nth-child(4)')(page).first().innerText(), '981'],
  ['next page', click(role('button', 'next')), state, 'page 2 of 12, 0 selected'],
  ['a box is ticked', click(css('tbody input >> nth=0')), both(state, (page) => css('tbody input')(page).first().isChecked()), ['page 2 of 12, 1 selected', true]],
  ['another one', click(css('tbody input >> nth=1')), state, 'page 2 of 12, 2 selected'],
  ['and not', click(css('tbody input >> nth=0')), state, 'page 2 of 12, 1 selected'],
  ['a filter', type(placeholder('Filter names'), 'grace'), both(count(css('tbody tr')), state), [10, 'page 1 of 2, 1 selected']],
  ['and none', type(placeholder('Filter names'), 'x'), count(css('tbody tr')), 0],
  ['all again', async (page) => {
    await placeholder('Filter names')(page).click();
    await page.keyboard.press('Backspace');
  }, state, 'page 1 of 12, 1 selected'],
  ['a hundred rows', choose(label('rows'), '100'), both(count(css('tbody tr')), state), [100, 'page 1 of 2, 1 selected']],
  ['the last twenty', click(role('button', 'next')), both(count(css('tbody tr')), (page) => role('button', 'next')(page).isDisabled()), [20, true]],
];

const list = css('.List');
/** The first row that stands below the upper edge, and whether it shows. */
const topRow = (page) =>
  list(page).evaluate((list) => {
    const top = list.getBoundingClientRect().top;
    const row = [...list.querySelectorAll('.row')].find((row) => row.getBoundingClientRect().bottom > top + 1);
    return row === undefined ? null : [row.innerText, Math.round(row.getBoundingClientRect().top - top)];
  });
const fewRows = async (page) => {
  const rows = await css('.row')(page).count();
  return rows >= 12 && rows <= 30;
};
const tanstackVirtual = [
  ['the wheel scrolls', wheel(list, 350), both(topRow, fewRows), [['Row 10', 0], true]],
  ['and further', wheel(list, 700), both(topRow, fewRows), [['Row 30', 0], true]],
  ['a row is chosen', click(named('Row 33')), text(css('#chosen')), 'row 33 of 10000'],
  ['to the middle', click(role('button', 'to the middle')), both(topRow, fewRows), [['Row 5000', 0], true]],
  ['a row there', click(named('Row 5004')), text(css('#chosen')), 'row 5004 of 10000'],
  ['the wheel goes on from there', wheel(list, -350), topRow, ['Row 4990', 0]],
  ['to the top', click(role('button', 'to the top')), both(topRow, fewRows), [['Row 0', 0], true]],
  ['fewer rows', click(role('button', 'more or less')), text(css('#chosen')), 'row 5004 of 20'],
  ['to the end of them', wheel(list, 5_000), both(count(named('Row 19')), topRow), [1, ['Row 8', -20]]],
  ['more rows', click(role('button', 'more or less')), text(css('#chosen')), 'row 5004 of 10000'],
  ['the wheel goes on', wheel(list, 1_000), topRow, ['Row 37', -5]],
];

const errors = texts(css('#errors li'));
const first = placeholder('First name');
const reactHookForm = [
  ['sending what is not complete shows what is missing, and focuses it', click(role('button', 'Send')), both(errors, focus), [['firstName: a first name is needed', 'age: at least 18', 'terms: accept the terms'], 'First name']],
  ['what is typed is checked at once', type(first, 'Ada'), both(errors, state), [['age: at least 18', 'terms: accept the terms'], 'dirty, 1 times, watched: Ada']],
  ['a number', type(placeholder('Age'), '36'), errors, ['terms: accept the terms']],
  ['a choice', choose(label('Gender'), 'other'), value(label('Gender')), 'other'],
  ['a guest, who has no name yet', click(role('button', 'add a guest')), both(count(css('.guest')), errors), [1, ['terms: accept the terms', 'guests: see there']]],
  ['a tick', click(label('terms')), errors, ['guests: see there']],
  ['it is not sent', click(role('button', 'Send')), both(state, text(css('output'))), ['dirty, 2 times, watched: Ada', '']],
  ['the guest has a name', type(placeholder('Guest 0'), 'Grace'), errors, []],
  ['another guest', click(role('button', 'add a guest')), both(count(css('.guest')), value(placeholder('Guest 0'))), [2, 'Grace']],
  ['who goes again', click(role('button', 'remove 1')), both(count(css('.guest')), value(placeholder('Guest 0'))), [1, 'Grace']],
  ['sent', click(role('button', 'Send')), text(css('output')), '{"firstName":"Ada","age":36,"gender":"other","terms":true,"guests":[{"name":"Grace"}]}'],
  ['by Enter, with another name', async (page) => {
    await type(first, 'Bea')(page);
    await page.keyboard.press('Enter');
  }, text(css('output')), '{"firstName":"Bea","age":36,"gender":"other","terms":true,"guests":[{"name":"Grace"}]}'],
  ['reset', click(role('button', 'reset')), both(value(first), value(placeholder('Age')), value(label('Gender')), (page) => label('terms')(page).isChecked(), count(css('.guest')), state), ['', '17', 'female', false, 0, 'dirty, 0 times, watched:']],
];

const transform = (find) => style(find, 'transform');
const motion = [
  ['a box goes, once it has faded', click(role('button', 'toggle')), count(css('#box')), 0],
  ['and comes', click(role('button', 'toggle')), both(count(css('#box')), style(css('#box'), 'opacity')), [1, '1']],
  ['a spring turns the wheel', click(role('button', 'turn')), both(transform(css('#wheel')), text(css('#log'))), ['matrix(0, 1, -1, 0, 0, 0)', 'turned']],
  ['and on', click(role('button', 'turn')), transform(css('#wheel')), 'matrix(-1, 0, 0, -1, 0, 0)'],
  ['a value moves and fades without rendering', click(role('button', 'move')), both(transform(css('#slider')), style(css('#slider'), 'opacity')), ['matrix(1, 0, 0, 1, 100, 0)', '0.2']],
  ['and back', click(role('button', 'move')), both(transform(css('#slider')), style(css('#slider'), 'opacity')), ['none', '1']],
  ['an item grows', click(role('button', 'add')), both(count(css('li')), style(css('li >> nth=-1'), 'height')), [4, '30px']],
  ['the first one goes', click(role('button', 'take')), texts(css('li')), ['item 2', 'item 3', 'item 4']],
  ['two at once', async (page) => {
    await role('button', 'take')(page).click();
    await role('button', 'add')(page).click();
  }, texts(css('li')), ['item 3', 'item 4', 'item 5']],
  ['under the mouse it is bigger', hover(css('#press')), transform(css('#press')), 'matrix(1.2, 0, 0, 1.2, 0, 0)'],
  ['a tap', click(css('#press')), text(css('#press')), 'pressed 1 times'],
  ['and as before', hover(role('button', 'toggle')), transform(css('#press')), 'none'],
];

const bars = (page) => css('.bar')(page).evaluateAll((bars) => bars.map((bar) => bar.dataset.letter).join(''));
const visx = [
  ['a bar is chosen', click(css('.bar >> nth=3')), both(text(css('#chosen')), attribute(css('.bar >> nth=3'), 'fill')), ['D over D', 'orange']],
  ['the mouse is over another', hover(css('.bar >> nth=5')), text(css('#chosen')), 'D over F'],
  ['all bars', click(role('button', 'all or some')), both(bars, count(css('.visx-axis-bottom .visx-axis-tick'))), ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 9]],
  ['sorted', click(role('button', 'sort')), bars, sortedLetters(26)],
  ['the chosen one went along', hover(css('.bar >> nth=0')), (page) => css('.bar[data-letter=D]')(page).getAttribute('fill'), 'orange'],
  ['a line', click(role('button', 'line', true)), count(css('.visx-linepath')), 1],
  ['it goes through all bars', hover(css('.bar >> nth=1')), (page) => css('.visx-linepath')(page).evaluate((path) => path.getAttribute('d').split('L').length), 26],
  ['some bars, sorted', click(role('button', 'all or some')), bars, sortedLetters(12)],
  ['the line follows', hover(css('.bar >> nth=2')), (page) => css('.visx-linepath')(page).evaluate((path) => path.getAttribute('d').split('L').length), 12],
  ['no line', click(role('button', 'line', true)), count(css('.visx-linepath')), 0],
  ['in order', click(role('button', 'sort')), bars, 'ABCDEFGHIJKL'],
  ['the axis has its numbers', hover(css('.bar >> nth=4')), (page) => css('.visx-axis-left .visx-axis-tick')(page).first().textContent(), '0.0'],
];

function sortedLetters(many) {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, n) => ({ letter, frequency: ((n * 7919) % 97) / 100 + 0.02 }));
  return letters.slice(0, many).sort((a, b) => b.frequency - a.frequency).map(({ letter }) => letter).join('');
}

const todo = placeholder('What is to be done?');
const add = (what) => async (page) => {
  await type(todo, what)(page);
  await page.keyboard.press('Enter');
};
const todos = texts(css('li label'));
const left = text(css('#left'));
const zustand = [
  ['the first', add('tea'), both(todos, left, value(todo)), [['tea'], '1 left', '']],
  ['the second', add('milk'), both(todos, left), [['tea', 'milk'], '2 left']],
  ['the third', add('sugar'), todos, ['tea', 'milk', 'sugar']],
  ['one is done', click(label('milk')), left, '2 left'],
  ['those that are open', click(role('button', 'open')), both(todos, attribute(role('button', 'open'), 'aria-pressed')), [['tea', 'sugar'], 'true']],
  ['one more is done, and leaves', click(label('tea')), both(todos, left), [['sugar'], '1 left']],
  ['those that are done', click(role('button', 'done')), todos, ['tea', 'milk']],
  ['one is open again', click(label('milk')), both(todos, left), [['tea'], '2 left']],
  ['one is removed', click(role('button', 'remove tea')), todos, []],
  ['all', click(role('button', 'all')), both(todos, left), [['milk', 'sugar'], '2 left']],
  ['a fourth', add('cake'), both(todos, left), [['milk', 'sugar', 'cake'], '3 left']],
];

const said = text(css('#said'));
const active = texts(css('[role=menuitem].active, [role=menuitem] .active, button.active'));
const options2 = role('button', 'Options');
const headlessMenu = [
  ['a click opens the menu', click(options2), both(count(css('[role=menuitem]')), attribute(options2, 'aria-expanded')), [5, 'true']],
  ['the mouse makes an item active', hover(css('[role=menuitem] >> nth=1')), active, ['Duplicate']],
  ['a click does it and closes', click(css('[role=menuitem] >> nth=1')), both(said, count(css('[role=menuitem]'))), ['Duplicate', 0]],
  ['Enter on the button opens with the first item', async (page) => {
    await options2(page).focus();
    await page.keyboard.press('Enter');
  }, active, ['Edit']],
  ['Arrow down', press('ArrowDown'), active, ['Duplicate']],
  ['End', press('End'), active, ['Delete']],
  ['Arrow up skips what is disabled', press('ArrowUp'), active, ['Archive']],
  ['letters find an item', press('e'), active, ['Edit']],
  ['Home', press('Home'), active, ['Edit']],
  ['Enter does it, and the button has the focus', press('Enter'), both(said, count(css('[role=menuitem]')), focus), ['Edit', 0, 'Options']],
  ['Space opens it', press('Space'), active, ['Edit']],
  ['Escape closes it', press('Escape'), both(count(css('[role=menuitem]')), said, focus), [0, 'Edit', 'Options']],
  ['it opens again', click(options2), count(css('[role=menuitem]')), 5],
  ['a click outside closes it', click(css('#outside')), both(count(css('[role=menuitem]')), said), [0, 'Edit']],
];

const listButton = css('button[aria-haspopup=listbox]');
const listOptions = texts(css('[role=option]'));
const chosen = text(css('#chosen'));
const panel = css('[role=tabpanel]:not([aria-hidden])');
const headlessListbox = [
  ['a click opens the list', click(listButton), listOptions, ['Wade Cooper', 'Arlene Mccoy', 'Devon Webb', 'Tom Cook', 'Tanya Fox']],
  ['a click takes one', click(css('[role=option] >> nth=2')), both(chosen, text(listButton), count(css('[role=option]'))), ['Devon Webb, false', 'Devon Webb', 0]],
  ['Arrow down opens it at what is chosen', async (page) => {
    await listButton(page).focus();
    await page.keyboard.press('ArrowDown');
  }, texts(css('[role=option] .active')), ['Devon Webb']],
  ['Arrow down', press('ArrowDown'), texts(css('[role=option] .active')), ['Tom Cook']],
  ['Enter takes it', press('Enter'), both(chosen, focus), ['Tom Cook, false', 'Tom Cook']],
  ['a click opens it, and it has the focus', click(listButton), both(count(css('[role=option]')), focusRole), [5, 'listbox']],
  ['Escape leaves it', press('Escape'), both(chosen, count(css('[role=option]'))), ['Tom Cook, false', 0]],
  ['the switch', click(css('button[role=switch]')), both(chosen, attribute(css('button[role=switch]'), 'aria-checked')), ['Tom Cook, true', 'true']],
  ['its label', click(named('notifications')), chosen, 'Tom Cook, false'],
  ['Space', press('Space'), chosen, 'Tom Cook, true'],
  ['a tab', click(css('[role=tab] >> nth=1')), both(texts(css('[role=tab]')), text(panel)), [['tab 1', 'tab 2*', 'tab 3'], 'panel 2']],
  ['Arrow right', press('ArrowRight'), text(panel), 'panel 3'],
  ['around', press('ArrowRight'), both(text(panel), focus), ['panel 1', 'tab 1*']],
];

const said2 = both(texts(css('#email')), texts(css('#password')), texts(css('#terms')));
const veeValidate = [
  ['sending what is not complete shows what is missing', click(role('button', 'Sign up')), said2, [['an address is needed'], ['eight characters at least'], ['this is needed']]],
  ['no address', typeAndLeave(placeholder('Email'), 'ada'), texts(css('#email')), ['this is no address']],
  ['an address', typeAndLeave(placeholder('Email'), 'ada@x.org'), texts(css('#email')), []],
  ['a password', typeAndLeave(placeholder('Password'), 'secret'), texts(css('#password')), ['eight characters at least']],
  ['a longer one', typeAndLeave(placeholder('Password'), 'secret of mine'), texts(css('#password')), []],
  ['a choice', choose(label('Role'), 'guest'), value(label('Role')), 'guest'],
  ['a tick', click(label('terms')), both(said2, state), [[[], [], []], 'dirty, valid, 1 times']],
  ['a link more', click(role('button', 'add')), count(css('.link')), 2],
  ['which is typed', type(placeholder('Link 1'), 'b'), both(value(placeholder('Link 0')), value(placeholder('Link 1'))), ['a', 'b']],
  ['the first goes', click(role('button', 'remove 0')), both(count(css('.link')), value(placeholder('Link 0'))), [1, 'b']],
  ['sent', click(role('button', 'Sign up')), text(css('output')), '{"email":"ada@x.org","password":"secret of mine","role":"guest","terms":true,"links":["b"]}'],
  ['reset', click(role('button', 'reset')), both(value(placeholder('Email')), value(label('Role')), (page) => label('terms')(page).isChecked(), value(placeholder('Link 0')), state), ['', '', false, 'a', 'clean, invalid, 0 times']],
];

const total = text(css('#total'));
const cart = texts(css('li'));
const pinia = [
  ['an apple', click(role('button', 'apple 2')), both(cart, total), [['1 apple less apple'], '2']],
  ['another', click(role('button', 'apple 2')), both(cart, total), [['2 apple less apple'], '4']],
  ['bread', click(role('button', 'bread 5')), both(cart, total), [['2 apple less apple', '1 bread less bread'], '9']],
  ['cheese', click(role('button', 'cheese 12')), total, '21'],
  ['an apple less', click(role('button', 'less apple')), both(cart, total), [['1 apple less apple', '1 bread less bread', '1 cheese less cheese'], '19']],
  ['no apple', click(role('button', 'less apple')), cart, ['1 bread less bread', '1 cheese less cheese']],
  ['all that was done', click(role('button', 'bread 5')), text(css('#history')), 'add apple; add apple; add bread; add cheese; remove apple; remove apple; add bread'],
  ['a patch', click(role('button', 'feast')), both(total, cart), ['46', ['2 bread less bread', '3 cheese less cheese']]],
  ['bread less', click(role('button', 'less bread')), total, '41'],
  ['reset', click(role('button', 'reset')), both(cart, total), [[], '0']],
  ['from the start', click(role('button', 'cheese 12')), both(total, text(css('#history'))), ['12', '$reset; add cheese'.replace('$reset', '$reset ')]],
];

const bits = state;
const bitsDialog = css('[role=dialog]');
const bitsUi = [
  ['a tab', click(role('tab', 'Inbound')), both(bits, text(css('[role=tabpanel]:not([hidden])'))), ['inbound, no terms, wifi on, closed,', 'Zurich to Prague']],
  ['Arrow left', press('ArrowLeft'), both(bits, focus), ['outbound, no terms, wifi on, closed,', 'Outbound']],
  ['a check box', click(css('#terms')), both(bits, attribute(css('#terms'), 'aria-checked')), ['outbound, terms, wifi on, closed,', 'true']],
  ['Space takes it back', press('Space'), bits, 'outbound, no terms, wifi on, closed,'],
  ['its label', click(named('Accept terms')), bits, 'outbound, terms, wifi on, closed,'],
  ['a switch', click(role('switch', 'wifi')), bits, 'outbound, terms, wifi off, closed,'],
  ['an accordion', click(role('button', 'the second')), both(shown(named('answer second')), attribute(role('button', 'the second'), 'aria-expanded')), [true, 'true']],
  ['another item', click(role('button', 'the third')), both(shown(named('answer third')), shown(named('answer second'))), [true, false]],
  ['a dialog', click(role('button', 'New API key')), both(count(bitsDialog), bits, focus), [1, 'outbound, terms, wifi off, open,', 'name']],
  ['typing in it', type(placeholder('name'), 'key'), bits, 'outbound, terms, wifi off, open, key'],
  ['Escape', press('Escape'), both(count(bitsDialog), bits), [0, 'outbound, terms, wifi off, closed, key']],
  ['it opens, and saves', async (page) => {
    await role('button', 'New API key')(page).click();
    await role('button', 'Save')(page).click();
  }, both(count(bitsDialog), bits, focus), [0, 'outbound, terms, wifi off, closed, key', 'New API key']],
];

const picked = text(css('#date'));
const typed = text(css('#typed'));
const month = (page) => page.locator('select').first().evaluate((select) => select.selectedOptions[0].text);
const day = (n) => (page) => page.locator('.date-time-picker').first().locator('.cell:not(.other-month)').filter({ hasText: new RegExp(`^\\s*${n}\\s*$`) });
const dateField = css('input[type=text]');
const datePicker = [
  ['a day', click(day(24)), picked, '2026-11-24'],
  ['next month', click((page) => page.locator('.page-button').nth(1)), month, 'December'],
  ['a day there', click(day(6)), picked, '2026-12-6'],
  ['the month before, twice', async (page) => {
    for (let times = 0; times < 2; times++) await page.locator('.page-button').first().click();
  }, month, 'October'],
  ['Arrow right is the next day', async (page) => {
    await day(12)(page).click();
    await page.keyboard.press('ArrowRight');
  }, picked, '2026-10-13'],
  ['Arrow down is the next week', press('ArrowDown'), picked, '2026-10-20'],
  ['a month by its name', (page) => page.locator('select').first().selectOption('1'), month, 'February'],
  ['a year', (page) => page.locator('.year select').first().selectOption('2028'), (page) => page.locator('.date-time-picker').first().locator('.cell:not(.other-month)').count(), 29],
  ['the last day of it', click(day(29)), picked, '2028-2-29'],
  ['a date is typed', type(dateField, '2027-03-05'), typed, '2027-3-5'],
  ['what is none is red, and changes nothing', type(dateField, '2027-13'), both(typed, (page) => dateField(page).evaluate((input) => input.className.includes('invalid'))), ['2027-3-5', true]],
  ['another date', type(dateField, '2027-05-05'), typed, '2027-5-5'],
  ['a day of its own calendar', (page) => page.locator('.picker .cell:not(.other-month)').filter({ hasText: /^\s*9\s*$/ }).click(), both(typed, value(dateField)), ['2027-5-9', '2027-05-09']],
];

const toasts = css('[data-sonner-toast]');
const titles = texts(css('[data-sonner-toast] [data-title]'));
const svelteSonner = [
  ['a toast', click(role('button', 'plain')), titles, ['My first toast']],
  ['a second one stands in front', click(role('button', 'success')), both(titles, attribute(css('[data-sonner-toast] >> nth=0'), 'data-type')), [['Event has been created', 'My first toast'], 'success']],
  ['with its description', hover(css('[data-sonner-toast] >> nth=0')), (page) => css('[data-sonner-toast] [data-description]')(page).first().innerText(), 'Monday at 6:00'],
  ['under the mouse they spread', hover(css('[data-sonner-toast] >> nth=0')), attribute(css('[data-sonner-toast] >> nth=1'), 'data-expanded'), 'true'],
  ['an error', click(role('button', 'error')), titles, ['That failed', 'Event has been created', 'My first toast']],
  ['the same once more is the same', click(role('button', 'error')), count(toasts), 3],
  ['the cross closes it', async (page) => {
    await page.locator('[data-sonner-toast] [data-close-button]').first().click();
  }, titles, ['Event has been created', 'My first toast']],
  ['an action', async (page) => {
    await role('button', 'action')(page).click();
    await role('button', 'Undo')(page).click();
  }, both(text(css('#said')), titles), ['undone', ['Event has been created', 'My first toast']]],
  ['a promise', click(role('button', 'promise')), titles, ['loaded', 'Event has been created', 'My first toast']],
  ['one that goes by itself', async (page) => {
    await role('button', 'short')(page).click();
    await named('Gone soon')(page).waitFor();
  }, count(toasts), 3],
  ['all go', click(role('button', 'dismiss all')), count(toasts), 0],
];

/** By name of the component. */
export const steps = {
  'radix-dialog': radixDialog,
  'radix-accordion': radixAccordion,
  'downshift-combobox': downshift,
  'tanstack-table': tanstackTable,
  'tanstack-virtual': tanstackVirtual,
  'react-hook-form': reactHookForm,
  motion,
  visx,
  zustand,
  'headless-menu': headlessMenu,
  'headless-listbox': headlessListbox,
  'vee-validate': veeValidate,
  pinia,
  'bits-ui': bitsUi,
  'date-picker-svelte': datePicker,
  'svelte-sonner': svelteSonner,
};
