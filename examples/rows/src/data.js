// The rows of js-framework-benchmark.
const adjectives = 'pretty large big small tall short long handsome plain quaint clean elegant easy angry crazy helpful mushy odd unsightly adorable important inexpensive cheap expensive fancy'.split(' ');
const colours = 'red yellow blue green pink brown purple brown white black orange'.split(' ');
const nouns = 'table chair house bbq desk car pony cookie sandwich burger pizza mouse keyboard'.split(' ');

let id = 1;
const random = (max) => Math.round(Math.random() * 1000) % max;

export function makeRows(count) {
  return Array.from({ length: count }, () => ({
    id: id++,
    label: `${adjectives[random(adjectives.length)]} ${colours[random(colours.length)]} ${nouns[random(nouns.length)]}`,
  }));
}
