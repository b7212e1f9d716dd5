import { useState, type FormEvent } from 'react';

export default function Forms() {
  const [what, setWhat] = useState('');
  const [sent, setSent] = useState<string[]>([]);
  const [disabled, setDisabled] = useState(false);
  const [round, setRound] = useState(0);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSent([...sent, [...new FormData(event.currentTarget)].map(([name, value]) => `${name}=${value}`).join('&')]);
    setWhat('');
  };
  return (
    <>
      <form key={round} onSubmit={submit}>
        <fieldset disabled={disabled}>
          <legend>order</legend>
          <input id="what" name="what" value={what} onChange={(event) => setWhat(event.target.value)} required />
          <textarea id="note" name="note" defaultValue="note" />
          <input id="gift" name="gift" type="checkbox" defaultChecked={round === 1} />
          <label htmlFor="gift">gift</label>
          <select name="size" defaultValue="l"><option>s</option><option>l</option></select>
        </fieldset>
        <button id="send" disabled={what === ''}>send {what}</button>
      </form>
      <button id="disable" onClick={() => setDisabled(true)}>disable</button>
      <button id="enable" onClick={() => { setDisabled(false); setWhat('cake'); }}>enable</button>
      <button id="again" onClick={() => setRound(round + 1)}>again</button>
      <details><summary>sent {sent.length}</summary><ol>{sent.map((text, at) => <li key={at}>{text}</li>)}</ol></details>
    </>
  );
}
