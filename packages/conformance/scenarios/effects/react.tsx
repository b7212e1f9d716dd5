import { useEffect, useInsertionEffect, useLayoutEffect, useRef, useState } from 'react';

import { say, take } from './log';

function Child({ name, n }: { name: string; n: number }) {
  const element = useRef<HTMLElement>(null);
  const [own, setOwn] = useState(0);
  say(`${name} renders ${n}`);
  useInsertionEffect(() => {
    say(`${name} insertion ${n}`);
    return () => void say(`${name} -insertion ${n}`);
  }, [n]);
  useLayoutEffect(() => {
    say(`${name} layout ${n} ${element.current!.textContent} ${element.current!.isConnected}`);
    if (own < n) setOwn(n);
    return () => void say(`${name} -layout ${n}`);
  }, [n]);
  useEffect(() => {
    say(`${name} effect ${n} ${element.current!.textContent}`);
    return () => void say(`${name} -effect ${n} ${String(element.current?.isConnected)}`);
  }, [n]);
  useEffect(() => {
    say(`${name} mounted`);
    return () => void say(`${name} unmounted`);
  }, []);
  return <i ref={element}>{name} {n} {own}</i>;
}

export default function Effects() {
  const [n, setN] = useState(0);
  const [on, setOn] = useState(true);
  const [names, setNames] = useState(['a', 'b']);
  const [shown, setShown] = useState<string[]>([]);
  useEffect(() => {
    say(`parent effect ${n}`);
    return () => void say(`parent -effect ${n}`);
  }, [n]);
  useLayoutEffect(() => void say(`parent layout ${n} ${on}`), [n, on]);
  return (
    <>
      <button id="more" onClick={() => setN(n + 1)}>more</button>
      <button id="toggle" onClick={() => setOn(!on)}>toggle</button>
      <button id="swap" onClick={() => setNames([names[1]!, 'c'])}>swap</button>
      <button id="show" onClick={() => { setShown(take()); }}>show</button>
      {on && <div ref={(element) => void say(element === null ? 'ref gone' : 'ref')}>{names.map((name) => <Child key={name} name={name} n={n} />)}</div>}
      <ol>{shown.map((line, at) => <li key={at}>{line}</li>)}</ol>
    </>
  );
}
