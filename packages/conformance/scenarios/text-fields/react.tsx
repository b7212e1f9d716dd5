import { useState } from 'react';

export default function TextFields() {
  const [name, setName] = useState('');
  const [upper, setUpper] = useState('');
  const [digits, setDigits] = useState('0');
  const [area, setArea] = useState('first');
  const [number, setNumber] = useState<string | number>(1);
  const [range, setRange] = useState('30');
  const [date, setDate] = useState('2026-01-02');
  const [secret, setSecret] = useState('');
  const [short, setShort] = useState('');
  const [locked, setLocked] = useState(false);
  const setAll = (text: string, count: string, day: string) => {
    for (const set of [setName, setUpper, setArea, setSecret, setShort]) set(text);
    for (const set of [setDigits, setNumber, setRange]) set(count);
    setDate(day);
  };
  return (
    <>
      <input id="name" value={name} onChange={(event) => setName(event.target.value)} readOnly={locked} />
      <input id="upper" value={upper} onChange={(event) => setUpper(event.target.value.toUpperCase())} />
      <input id="digits" value={digits} onChange={(event) => setDigits(event.target.value.replace(/\D/g, ''))} />
      <textarea id="area" rows={3} value={area} onChange={(event) => setArea(event.target.value)} />
      <input id="number" type="number" step="0.5" value={number} onChange={(event) => setNumber(event.target.value)} />
      <input id="range" type="range" min="0" max="90" value={range} onChange={(event) => setRange(event.target.value)} />
      <input id="date" type="date" value={date} onChange={(event) => setDate(event.target.value)} disabled={locked} />
      <input id="secret" type="password" value={secret} onChange={(event) => setSecret(event.target.value)} />
      <input id="short" maxLength={5} value={short} onChange={(event) => setShort(event.target.value)} />
      <button id="set" onClick={() => setAll('set', '42', '2027-12-31')}>set</button>
      <button id="clear" onClick={() => setAll('', '', '')}>clear</button>
      <button id="lock" onClick={() => setLocked(!locked)}>lock</button>
      <pre>{[name, upper, digits, area, number, range, date, secret, short].join('|')}</pre>
    </>
  );
}
