import { useState } from 'react';
import { change, shuffle, start } from './rows';

export default function KeyedList() {
  const [rows, setRows] = useState(start);
  const [seed, setSeed] = useState(1);
  return (
    <>
      <p>
        <button id="shuffle" onClick={() => { setRows(shuffle(rows, seed)); setSeed(seed + 1); }}>shuffle {seed}</button>
        {Object.entries(change).map(([name, apply]) => (
          <button key={name} id={name} onClick={() => setRows(apply)}>{name}</button>
        ))}
      </p>
      <ul>
        {rows.map((row, at) => (
          <li key={row.id} data-row={row.id} className={at % 2 ? 'odd' : 'even'}>
            <b>{row.label}</b> <i>{at}</i> <input />
          </li>
        ))}
      </ul>
    </>
  );
}
