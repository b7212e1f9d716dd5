import { Slot } from '@playconnect/react';
import { memo, useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { tables, type Game, type Table } from './tables';

type Order = 'seats' | 'name' | 'newest' | 'shuffled';

const orders: { order: Exclude<Order, 'shuffled'>; label: string }[] = [
  { order: 'seats', label: 'Free seats' },
  { order: 'name', label: 'Name' },
  { order: 'newest', label: 'Newest' },
];

const compare: Record<Exclude<Order, 'shuffled'>, (a: Table, b: Table) => number> = {
  seats: (a, b) => free(b) - free(a) || a.id - b.id,
  name: (a, b) => (a.name < b.name ? -1 : 1),
  newest: (a, b) => a.age - b.age || a.id - b.id,
};

const partyMax = 8;

/** From one table to another: of these keys the browser does nothing of its own, unless one is held with them. */
const moves = ['ArrowDown', 'ArrowUp', 'Home', 'End'];
const onlyMoves = moves.map((key) => `${key}-Alt-Control-Meta-Shift`).join(' ');

export function Menu() {
  const [party, setParty] = useState(1);
  const [query, setQuery] = useState('');
  const [order, setOrder] = useState<Order>('seats');
  const [shuffled, setShuffled] = useState(tables);
  const [chosen, setChosen] = useState<number | null>(null);
  const [asks, setAsks] = useState(true);
  /** The table that Tab leads to; of fifty, one is enough. */
  const [current, setCurrent] = useState<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const find = useRef<HTMLInputElement>(null);
  const door = useRef<HTMLDivElement>(null);

  const ordered = useMemo(() => (order === 'shuffled' ? shuffled : tables.toSorted(compare[order])), [order, shuffled]);
  const shown = useMemo(() => ordered.filter((table) => matches(table, query)), [ordered, query]);
  const choose = useCallback((id: number, fits: boolean) => {
    setCurrent(id);
    setChosen((before) => (before === id ? null : fits ? id : before));
  }, []);
  const seat = tables.find((table) => table.id === chosen);
  const stop = [current, chosen].find((id) => shown.some((table) => table.id === id)) ?? shown[0]?.id;

  const focusTable = (id: number | undefined) => {
    const row = list.current?.querySelector<HTMLButtonElement>(`#table-${id} button`);
    (row ?? find.current)?.focus();
  };

  const move = ({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent) => {
    if (!moves.includes(key) || altKey || ctrlKey || metaKey || shiftKey) return;
    const last = shown.length - 1;
    const at = shown.findIndex((table) => table.id === stop);
    const to = shown[key === 'Home' ? 0 : key === 'End' ? last : Math.min(last, Math.max(0, at + (key === 'ArrowDown' ? 1 : -1)))]!;
    setCurrent(to.id);
    focusTable(to.id);
  };

  return (
    <>
      {asks && (
        <button type="button" className="skip" onClick={() => door.current?.focus()}>
          Skip to the chat
        </button>
      )}
      <section className="menu" aria-labelledby="menu-title">
        <header>
          <div>
            <h2 id="menu-title">Open tables</h2>
            <p role="status">
              {shown.length} of {tables.length} tables
            </p>
          </div>
          <div className="party" role="group" aria-labelledby="party-label">
            <span id="party-label">Your party</span>
            {/* Not `disabled`, here and below: what cannot have the focus loses it. */}
            <button type="button" aria-label="One player less" aria-disabled={party === 1} onClick={() => setParty((size) => Math.max(1, size - 1))}>
              −
            </button>
            <output id="party">{party}</output>
            <button type="button" aria-label="One player more" aria-disabled={party === partyMax} onClick={() => setParty((size) => Math.min(partyMax, size + 1))}>
              +
            </button>
          </div>
        </header>

        <div className="tools">
          <label className="find">
            <span className="visually-hidden">Find a table</span>
            <input
              id="find"
              ref={find}
              type="search"
              placeholder="Table, game or host"
              autoComplete="off"
              spellCheck={false}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
            />
          </label>
          <div className="orders" role="group" aria-label="Order">
            {orders.map(({ order: name, label }) => (
              <button key={name} type="button" aria-pressed={order === name} onClick={() => setOrder(name)}>
                {label}
              </button>
            ))}
            <button
              type="button"
              aria-pressed={order === 'shuffled'}
              onClick={() => {
                setShuffled(shuffle(tables));
                setOrder('shuffled');
              }}
            >
              Shuffle
            </button>
          </div>
        </div>

        <ul ref={list} className="tables" aria-label="Tables" onKeyDown={move} listen={{ onKeyDown: { preventDefault: onlyMoves } }}>
          {shown.map((table) => (
            <Row key={table.id} table={table} chosen={table.id === chosen} fits={free(table) >= party} stop={table.id === stop} onChoose={choose} />
          ))}
        </ul>
        {shown.length === 0 && (
          <p className="none">
            No table is called “{query.trim()}”.{' '}
            <button
              type="button"
              onClick={() => {
                setQuery('');
                find.current?.focus();
              }}
            >
              Show all
            </button>
          </p>
        )}

        <footer>
          <div aria-live="polite">
            {seat === undefined ? <p>Choose a table to take a seat.</p> : <Seat table={seat} party={party} />}
          </div>
          {seat !== undefined && (
            <button
              type="button"
              onClick={() => {
                setChosen(null);
                focusTable(stop);
              }}
            >
              Leave
            </button>
          )}
          <button type="button" className="ask" aria-expanded={asks} onClick={() => setAsks(!asks)}>
            Ask at the door
          </button>
        </footer>
      </section>

      {/* The doorkeeper is another team's module, in Vue. Away from here she waits, and remembers what was said. */}
      {asks && (
        <div ref={door} className="door" role="group" aria-label="At the door" tabIndex={-1}>
          <Slot name="door">
            <p className="wait">The doorkeeper is on her way …</p>
          </Slot>
        </div>
      )}
    </>
  );
}

function Seat({ table, party }: { table: Table; party: number }) {
  if (free(table) < party) {
    return (
      <p>
        <strong>{table.name}</strong> has no room for a party of {party}.
      </p>
    );
  }
  return (
    <p>
      {party === 1 ? 'You sit' : `You and ${party - 1} more sit`} at <strong>{table.name}</strong>, {table.game} with {table.host}.
    </p>
  );
}

interface RowProps {
  table: Table;
  chosen: boolean;
  /** The party has room. */
  fits: boolean;
  /** Tab leads here. */
  stop: boolean;
  onChoose: (id: number, fits: boolean) => void;
}

const Row = memo(function Row({ table, chosen, fits, stop, onChoose }: RowProps) {
  return (
    <li id={`table-${table.id}`}>
      <button
        type="button"
        className="table"
        tabIndex={stop ? 0 : -1}
        aria-pressed={chosen}
        aria-disabled={!fits && !chosen}
        onClick={() => onChoose(table.id, fits)}
      >
        <Piece game={table.game} />
        <span className="what">
          <strong>{table.name}</strong>
          <span>
            {table.game} · {table.host}
          </span>
        </span>
        <span className="age">opened {table.age} min ago</span>
        <span className="seats">
          <span className="pips" aria-hidden="true">
            {Array.from({ length: table.seats }, (_, seat) => (
              <i key={seat} className={seat < table.taken ? 'taken' : undefined} />
            ))}
          </span>
          {fits ? `${free(table)} free` : 'too small'}
        </span>
      </button>
    </li>
  );
});

/** What the game is played with. */
function Piece({ game }: { game: Game }) {
  return (
    <svg className={`piece ${game.toLowerCase()}`} viewBox="0 0 24 24" aria-hidden="true">
      {pieces[game]}
    </svg>
  );
}

const pieces: Record<Game, React.ReactNode> = {
  Chess: <path d="M12 3a3 3 0 0 1 1.8 5.4L15 13h-1l1 4h2v3H7v-3h2l1-4H9l1.2-4.6A3 3 0 0 1 12 3Z" />,
  Go: (
    <>
      <circle cx="9" cy="14" r="5.5" />
      <circle cx="15" cy="9" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  Poker: <path d="M12 3c3 3.6 7 6 7 10a3.5 3.5 0 0 1-6 2.400c.2 2 .9 3.3 2 4.600H9c1.1-1.3 1.8-2.6 2-4.600A3.5 3.5 0 0 1 5 13c0-4 4-6.4 7-10Z" />,
  Rummy: (
    <>
      <rect x="4.5" y="6" width="9" height="13" rx="1.5" transform="rotate(-8 9 12.5)" />
      <rect x="11" y="5" width="9" height="13" rx="1.5" transform="rotate(8 15.5 11.5)" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  Backgammon: <path d="M4 4h4l-2 12ZM10 4h4l-2 12ZM16 4h4l-2 12ZM7 20h4l-2-8ZM13 20h4l-2-8Z" />,
  Dominoes: (
    <>
      <rect x="7" y="3" width="10" height="18" rx="2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M7 12h10" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="12" cy="7.5" r="1.4" />
      <circle cx="10" cy="15" r="1.3" />
      <circle cx="14" cy="18" r="1.3" />
    </>
  ),
};

function free(table: Table): number {
  return table.seats - table.taken;
}

function matches({ name, game, host }: Table, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${name} ${game} ${host}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Fisher and Yates. */
function shuffle<T>(list: T[]): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}
