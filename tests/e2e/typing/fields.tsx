// Controlled fields, on a module that renders all the time beside what is typed.
import { mount } from '@playconnect/react';
import { useEffect, useState } from 'react';

function Fields() {
  const [plain, setPlain] = useState('');
  const [upper, setUpper] = useState('');
  const [digits, setDigits] = useState('');
  const [text, setText] = useState('');
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), 20);
    return () => clearInterval(timer);
  }, []);
  return (
    <form>
      <input id="plain" value={plain} onChange={(event) => setPlain(event.target.value)} />
      <input id="upper" value={upper} onChange={(event) => setUpper(event.target.value.toUpperCase())} />
      <input id="digits" value={digits} onChange={(event) => setDigits(event.target.value.replace(/\D/g, ''))} />
      <textarea id="text" cols={150} value={text} onChange={(event) => setText(event.target.value)} />
      <output id="told">{JSON.stringify({ plain, upper, digits, text })}</output>
      <output id="ticks">{ticks}</output>
    </form>
  );
}

mount(<Fields />);
