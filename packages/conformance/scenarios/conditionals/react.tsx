import { useState } from 'react';

export default function Conditionals() {
  const [n, setN] = useState(0);
  const [a, setA] = useState(false);
  const [b, setB] = useState(true);
  const [inner, setInner] = useState(0);
  const Tag = (['h2', 'h3', 'div'] as const)[n % 3]!;
  return (
    <>
      <button id="next" onClick={() => setN(n + 1)}>next {n}</button>
      <button id="a" onClick={() => setA(!a)}>a</button>
      <button id="b" onClick={() => setB(!b)}>b</button>
      {n % 3 === 0 ? <p>zero</p> : n % 3 === 1 ? <section><b>one</b> of {n}</section> : null}
      {a && <em>a</em>}between{b ? ' text b ' : <i>no b</i>}
      <div className="nest">{a ? b ? <u>a and b</u> : <s>a alone</s> : b && <q>b alone</q>}</div>
      <Tag title={`is ${Tag}`}>name {n}</Tag>
      {n > 1 && <button id="inner" onClick={() => setInner(inner + 1)}>inner {inner}{inner > 0 && <b>!</b>}</button>}
      <p>end</p>
    </>
  );
}
