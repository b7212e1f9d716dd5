import { useRef, useState } from 'react';
import { createPortal, root } from '#react';

function Dialog({ onClose, count, onCount }: { onClose(): void; count: number; onCount(): void }) {
  const [text, setText] = useState('');
  return createPortal(
    <div role="dialog" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <h2>dialog {count}</h2>
      <button id="in-dialog" onClick={onCount}>count</button>
      <input id="field" value={text} onChange={(event) => setText(event.target.value)} />
      <i>{text}</i>
    </div>,
    root,
  );
}

export default function Portal() {
  const [open, setOpen] = useState(false);
  const [second, setSecond] = useState(false);
  const [moved, setMoved] = useState(false);
  const [made, setMade] = useState(true);
  const [count, setCount] = useState(0);
  const [heard, setHeard] = useState(0);
  const target = useRef<HTMLElement>(null);
  return (
    <>
      <button id="open" onClick={() => setOpen(!open)}>open</button>
      <button id="second" onClick={() => setSecond(!second)}>second</button>
      <button id="move" onClick={() => setMoved(!moved)}>move</button>
      <button id="unmake" onClick={() => setMade(!made)}>unmake</button>
      <main onClick={() => setHeard(heard + 1)}>
        <p>heard {heard}, counted {count}</p>
        {made && open && <Dialog count={count} onCount={() => setCount(count + 1)} onClose={() => setOpen(false)} />}
        {made && second && createPortal(<p className="second">second <button id="in-second" onClick={() => setCount(count + 10)}>{count}</button></p>, root)}
        {moved && createPortal(<button id="moved" onClick={() => setCount(count + 100)}>moved {count}</button>, target.current! as never)}
      </main>
      <aside ref={target}>aside</aside>
    </>
  );
}
