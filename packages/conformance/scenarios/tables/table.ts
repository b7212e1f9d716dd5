export interface Line {
  id: number;
  name: string;
  amount: number;
}

export const start: Line[] = Array.from({ length: 12 }, (_, at) => ({ id: at, name: `item ${String.fromCharCode(97 + ((at * 7) % 12))}`, amount: (at * 37) % 101 }));

export const sorted = (lines: Line[], by: 'name' | 'amount', down: boolean): Line[] =>
  [...lines].sort((a, b) => (a[by] < b[by] ? -1 : a[by] > b[by] ? 1 : a.id - b.id) * (down ? -1 : 1));
