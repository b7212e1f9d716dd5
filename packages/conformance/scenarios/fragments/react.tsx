import { Fragment, useState } from 'react';

function Many({ name, count, empty }: { name: string; count: number; empty: boolean }) {
  if (empty) return null;
  return (
    <>
      {Array.from({ length: count }, (_, at) => <span key={at}>{name}{at}</span>)}
      <>{name} {count} <>{count > 2 && <b>many</b>}</></>
    </>
  );
}

export default function Fragments() {
  const [names, setNames] = useState(['a', 'b', 'c', 'd']);
  const [count, setCount] = useState(1);
  const [empty, setEmpty] = useState(false);
  return (
    <>
      <button id="reverse" onClick={() => setNames([...names].reverse())}>reverse</button>
      <button id="rotate" onClick={() => setNames([...names.slice(1), names[0]!])}>rotate</button>
      <button id="drop" onClick={() => setNames(names.filter((_, at) => at !== 1))}>drop</button>
      <button id="grow" onClick={() => setCount(count + 1)}>grow</button>
      <button id="empty" onClick={() => setEmpty(!empty)}>empty</button>
      <dl>{names.map((name) => <Fragment key={name}><dt>{name}</dt><dd>{name} of {count}</dd>{count > 2 && <dd>more</dd>}</Fragment>)}</dl>
      <div>{names.map((name) => <Many key={name} name={name} count={count} empty={empty && name === 'b'} />)}</div>
      <p>before<Many name="x" count={count} empty={empty} />after</p>
      <Many name="root" count={count} empty={empty} />
      <hr />
    </>
  );
}
