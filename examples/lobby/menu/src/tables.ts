/** The tables of the lobby. Made up, but always the same ones. */

export interface Table {
  id: number;
  name: string;
  game: Game;
  host: string;
  seats: number;
  taken: number;
  /** Minutes since it was opened. */
  age: number;
}

export type Game = 'Chess' | 'Go' | 'Poker' | 'Rummy' | 'Backgammon' | 'Dominoes';

const games: { game: Game; seats: number[] }[] = [
  { game: 'Chess', seats: [2] },
  { game: 'Go', seats: [2] },
  { game: 'Poker', seats: [4, 6, 8] },
  { game: 'Rummy', seats: [3, 4] },
  { game: 'Backgammon', seats: [2] },
  { game: 'Dominoes', seats: [2, 4] },
];
const first = ['Amber', 'Copper', 'Quiet', 'Velvet', 'Northern', 'Paper', 'Lucky', 'Marble', 'Midnight', 'Golden'];
const second = ['Lantern', 'Harbour', 'Garden', 'Fox', 'Orchard'];
const hosts = ['Ines', 'Tomasz', 'Keiko', 'Malik', 'Signe', 'Ravi', 'Zoë', 'Luca', 'Nkechi', 'Jörg', 'Mina'];

/** Fifty: each first word with each second one. */
export const tables: Table[] = first.flatMap((adjective, row) =>
  second.map((noun, column) => {
    const id = row * second.length + column + 1;
    const { game, seats: sizes } = games[(id * 7) % games.length]!;
    const seats = sizes[id % sizes.length]!;
    return {
      id,
      name: `${adjective} ${noun}`,
      game,
      host: hosts[(id * 5) % hosts.length]!,
      seats,
      taken: (id * 13) % seats,
      age: ((id * 37) % 59) + 1,
    };
  }),
);
