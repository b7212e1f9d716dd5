import { useEffect, useState, type ReactNode } from 'react';

function Counter({ name, onRun }: { name: string; onRun(): void }) {
  const [n, setN] = useState(0);
  useEffect(() => {
    if (n === 0) return;
    const id = setTimeout(onRun, 20);
    return () => clearTimeout(id);
  }, [n]);
  return (
    <section>
      <button id={`inc-${name}`} onClick={() => setN(n + 1)}>{n}</button>
      <input id={`own-${name}`} />
      <ul>{Array.from({ length: n }, (_, at) => <li key={at}>{at}</li>)}</ul>
    </section>
  );
}

function Nest({ level, children }: { level: number; children: ReactNode }) {
  return level === 0 ? children : <div className={`level-${level}`}><Nest level={level - 1}>{children}</Nest></div>;
}

export default function Unmount() {
  const [on, setOn] = useState(true);
  const [key, setKey] = useState(0);
  const [all, setAll] = useState(true);
  const [deep, setDeep] = useState(true);
  const [kept, setKept] = useState('');
  const [ran, setRan] = useState(0);
  const run = () => setRan(1);
  return (
    <>
      <button id="all" onClick={() => setAll(!all)}>all</button>
      {all && (
        <>
          <button id="toggle" onClick={() => { setOn(!on); setRan(0); }}>toggle</button>
          <button id="key" onClick={() => setKey(key + 1)}>key {key}</button>
          <button id="deep" onClick={() => setDeep(!deep)}>deep</button>
          {on && <Counter name="1" onRun={run} />}
          <Counter key={key} name="2" onRun={() => {}} />
          <input id="kept" value={kept} onChange={(event) => setKept(event.target.value)} />
          {deep && <Nest level={5}><em>deep</em><Counter name="3" onRun={run} /></Nest>}
          <p id="ran">ran {ran}</p>
        </>
      )}
    </>
  );
}
