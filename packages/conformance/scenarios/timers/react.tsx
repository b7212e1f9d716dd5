import { useEffect, useState } from 'react';
import { fiveTicks, inOrder, threeFrames } from './work';

function Clock() {
  const [n, setN] = useState(0);
  useEffect(() => {
    const id = setInterval(() => setN((before) => Math.min(before + 1, 3)), 10);
    return () => clearInterval(id);
  }, []);
  return <b id="clock">own {n}</b>;
}

export default function Timers() {
  const [once, setOnce] = useState(0);
  const [ticks, setTicks] = useState(0);
  const [order, setOrder] = useState<string[]>([]);
  const [search, setSearch] = useState('');
  const [found, setFound] = useState('');
  const [frames, setFrames] = useState(0);
  const [on, setOn] = useState(false);
  useEffect(() => {
    const id = setTimeout(() => setFound(search), 60);
    return () => clearTimeout(id);
  }, [search]);
  const cancelOne = () => {
    clearTimeout(setTimeout(() => setOnce(-1), 1));
    setTimeout(() => setOnce((before) => before + 1), 20);
  };
  return (
    <>
      <button id="start-once" onClick={() => setTimeout(() => setOnce(once + 1), 30)}>once</button>
      <button id="start-interval" onClick={() => { setTicks(0); fiveTicks(setTicks); }}>interval</button>
      <button id="cancelled" onClick={cancelOne}>cancelled</button>
      <button id="start-order" onClick={() => { setOrder([]); inOrder((word) => setOrder((before) => [...before, word])); }}>order</button>
      <button id="start-frames" onClick={() => threeFrames(setFrames)}>frames</button>
      <button id="toggle" onClick={() => setOn(!on)}>toggle</button>
      <input id="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      <p id="once">once {once}</p>
      <p id="ticks">ticks {ticks}</p>
      <p id="order">{order.join(' ')}</p>
      <p id="found">found {found}</p>
      <p id="frames">frames {frames}</p>
      {on && <Clock />}
    </>
  );
}
