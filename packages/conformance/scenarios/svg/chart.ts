export const series = [
  [3, 1, 4, 1, 5],
  [9, 2, 6],
  [5, 3, 5, 8, 9, 7],
  [],
  [9, 3, 2, 3],
];

export const path = (values: number[]): string => values.map((value, at) => `${at === 0 ? 'M' : 'L'}${at * 20} ${100 - value * 10}`).join(' ');
