import { useEffect, useRef, useState } from 'react';

function Late() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current!.focus(), []);
  return <input id="late" ref={field} />;
}

export default function Focus() {
  const [open, setOpen] = useState(false);
  const [log, setLog] = useState('');
  const [order, setOrder] = useState([1, 2, 3]);
  const b = useRef<HTMLInputElement>(null);
  const say = (what: string) => setLog((before) => `${before} ${what}`);
  return (
    <div onKeyDown={(event) => {
      if (event.altKey && event.key === 'r') setOrder([...order].reverse());
      if (event.ctrlKey && event.key === 'Enter') (event.target as HTMLElement).blur();
    }}>
      <input id="a" onFocus={() => say('a')} onBlur={() => say('-a')} />
      <input id="b" ref={b} defaultValue="some text" onFocus={() => say('b')} onBlur={() => say('-b')} />
      <button id="to-b" onClick={() => b.current!.focus()}>to b</button>
      <button id="select" onClick={() => b.current!.select()}>select</button>
      <button id="open" onClick={() => setOpen(!open)}>open</button>
      {open && <Late />}
      <ul onFocus={() => say('list')}>{order.map((n) => <li key={n}><input id={`in-${n}`} /></li>)}</ul>
      <output>{log}</output>
    </div>
  );
}
