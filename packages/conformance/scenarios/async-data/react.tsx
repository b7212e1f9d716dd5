import { Suspense, use, useEffect, useState } from 'react';
import { answer, load, refuse } from './source';

function ByEffect({ asked }: { asked: number }) {
  const [state, setState] = useState('nothing');
  useEffect(() => {
    if (asked === 0) return;
    let current = true;
    setState(`loading ${asked}`);
    load(`effect ${asked}`).then((data) => current && setState(data), (error: Error) => current && setState(`failed: ${error.message}`));
    return () => void (current = false);
  }, [asked]);
  return <p className={state.startsWith('loading') ? 'busy' : undefined}>{state}</p>;
}

function ByUse({ data, page }: { data: Promise<string>; page: number }) {
  return <section><h2>page {page}</h2><b>{use(data)}</b><input defaultValue={page} /></section>;
}

export default function AsyncData() {
  const [asked, setAsked] = useState(0);
  const [page, setPage] = useState<{ number: number; data: Promise<string> } | null>(null);
  const [hidden, setHidden] = useState(false);
  const next = () => {
    const number = (page?.number ?? 0) + 1;
    setPage({ number, data: load(`page ${number}`) });
  };
  return (
    <>
      <button id="ask" onClick={() => setAsked(asked + 1)}>ask</button>
      <button id="answer" onClick={() => answer()}>answer</button>
      <button id="newest" onClick={() => answer('newest')}>answer the newest</button>
      <button id="refuse" onClick={refuse}>refuse</button>
      <button id="next" onClick={next}>next page</button>
      <button id="hide" onClick={() => { setHidden(!hidden); if (hidden) next(); }}>hide</button>
      <ByEffect asked={asked} />
      {!hidden && page !== null && <Suspense key={page.number} fallback={<em>waiting for {page.number}</em>}><i>beside</i><ByUse data={page.data} page={page.number} /></Suspense>}
    </>
  );
}
