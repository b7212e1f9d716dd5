import { useState } from 'react';

export function Counter() {
  const [name, setName] = useState('');
  const [count, setCount] = useState(0);

  return (
    <section>
      <h2>Hello, {name.trim() || 'you'}</h2>
      <label>
        Your name
        <input value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      <div role="group" aria-label="Counter">
        <button type="button" aria-label="One less" onClick={() => setCount(count - 1)}>
          −
        </button>
        <output>{count}</output>
        <button type="button" aria-label="One more" onClick={() => setCount(count + 1)}>
          +
        </button>
      </div>
    </section>
  );
}
