/** What the doorkeeper says. She knows the tables, and nothing else. */

import { tables, type Game } from '../../menu/src/tables';

export const greeting = 'Good to see you. I am Odile, and I keep the door.';
export const invitation = 'Tell me a game, a host or the size of your party, and I look where there is room.';

export const questions = ['Where is chess played?', 'Room for a party of four?', 'Which tables does Keiko host?'];

const games = [...new Set(tables.map(({ game }) => game))];
const hosts = [...new Set(tables.map(({ host }) => host))];
const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

export function answer(question: string): string {
  const words: string[] = question.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  const game = games.find((name) => words.includes(name.toLowerCase()));
  const host = hosts.find((name) => words.includes(name.toLowerCase()));
  const party = partyOf(words);
  if (game === undefined && host === undefined && party === null) {
    return `I only know the tables. Ask me for ${list(games.map((name) => name.toLowerCase()), 'or')}, for a host, or for room for your party.`;
  }
  const asked = tables.filter((table) => (game === undefined || table.game === game) && (host === undefined || table.host === host));
  const free = asked.filter((table) => table.seats - table.taken >= (party ?? 1));
  const room = party === null || party === 1 ? 'a free seat' : `room for ${party}`;
  if (free.length === 0) return `I am sorry: no table${of(game, host)} has ${room} now.`;
  const first = free.toSorted((a, b) => a.age - b.age).slice(0, 3);
  const count = free.length === 1 ? `One table${of(game, host)} has ${room}` : `${free.length} tables${of(game, host)} have ${room}`;
  return `${count}. ${free.length > first.length ? 'The newest are' : free.length === 1 ? 'It is' : 'They are'} ${list(first.map((table) => (game === undefined ? `${table.name} (${table.game.toLowerCase()})` : table.name)), 'and')}.`;
}

function of(game: Game | undefined, host: string | undefined): string {
  return `${game === undefined ? '' : ` of ${game.toLowerCase()}`}${host === undefined ? '' : ` with ${host}`}`;
}

/** A number in words or digits; null: none is named. */
function partyOf(words: string[]): number | null {
  for (const word of words) {
    const size = /^\d+$/.test(word) ? Number(word) : numbers.indexOf(word) + 1;
    if (size > 0) return size;
  }
  return null;
}

function list(parts: string[], last: 'and' | 'or'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}
