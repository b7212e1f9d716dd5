/** One of each kind of value, in an order in which each kind follows another. */
export const anything = ['x', null, '', true, undefined, 0, false, 5, 'y'] as const;
export const flags = [true, false, undefined, true, null, false, true, null, false] as const;
export const numbers = [3, 1, undefined, 2, null, 7, 4, null, 9] as const;
export const styles: (Record<string, string> | undefined)[] = [
  { color: 'red', 'margin-top': '4px' },
  { color: 'blue' },
  {},
  { '--own': '7', width: 'calc(1px + 2%)' },
  { color: 'rgb(1, 2, 3)', '--own': '8' },
  { background: 'none', opacity: '0.5' },
  { color: 'red', opacity: '1' },
  {},
  { 'margin-top': '1em' },
];
export const classes = ['a', 'a b', '', 'b', 'a b c', '', 'c', 'c a', 'd'];
