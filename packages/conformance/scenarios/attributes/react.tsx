import { useState } from 'react';
import { anything, classes, flags, numbers, styles } from './values';

const camel = (name: string) => (name.startsWith('--') ? name : name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));

export default function Attributes() {
  const [n, setN] = useState(0);
  const at = n % 9;
  const any = anything[at];
  const flag = flags[at] ?? undefined;
  const number = numbers[at] ?? undefined;
  const style = Object.fromEntries(Object.entries(styles[at] ?? {}).map(([name, value]) => [camel(name), value]));
  const text = any as string;
  return (
    <>
      <button id="next" onClick={() => setN(n + 1)}>next {n}</button>
      <p id="texts" title={text} lang={text} data-any={any} aria-label={text} role={text}>texts</p>
      <p hidden={flag} draggable={flag} spellCheck={flag} aria-hidden={flag} data-flag={flag} tabIndex={number}>flags</p>
      <p className={classes[at]} style={style}>look</p>
      <div {...(at % 2 ? { title: 'odd', 'data-odd': at } : { lang: 'en' })}>spread</div>
      <a href={at % 3 ? `/path/${at}?a=1&b=2#c` : undefined} target={at % 2 ? '_blank' : undefined} rel="noopener">link</a>
      <img alt={text} width={number} height="2" />
      <input readOnly={flag} disabled={flag} placeholder={text} maxLength={number} required={flag} />
      <ol start={number} reversed={flag}><li value={number}>one</li></ol>
      <progress max="10" value={number ?? 0} />
      <details open={flag}><summary>more</summary></details>
      <label htmlFor="texts">label</label>
      <time dateTime="2026-11-21">today</time>
    </>
  );
}
