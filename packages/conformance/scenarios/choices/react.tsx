import { useState } from 'react';

const sizes = ['s', 'm', 'l'];
const colours = ['red', 'green', 'blue'];

export default function Choices() {
  const [one, setOne] = useState(true);
  const [refused, setRefused] = useState(0);
  const [chosen, setChosen] = useState(['green']);
  const [size, setSize] = useState('m');
  const [city, setCity] = useState('bern');
  const [many, setMany] = useState(['c']);
  const [more, setMore] = useState(false);
  const cities = ['bern', 'rome', 'oslo', ...(more ? ['quito', 'lima'] : [])];
  return (
    <>
      <input id="one" type="checkbox" checked={one} onChange={(event) => setOne(event.target.checked)} />
      <input id="refuse" type="checkbox" checked={false} onChange={() => setRefused(refused + 1)} />
      {colours.map((colour) => (
        <label key={colour}>
          <input type="checkbox" value={colour} checked={chosen.includes(colour)} onChange={() => setChosen(chosen.includes(colour) ? chosen.filter((other) => other !== colour) : [...chosen, colour])} />
          {colour}
        </label>
      ))}
      {sizes.map((each) => (
        <span key={each}>
          <input id={`size-${each}`} type="radio" name="size" value={each} checked={size === each} onChange={() => setSize(each)} />
          <label htmlFor={`size-${each}`}>{each}</label>
        </span>
      ))}
      <select id="city" value={city} onChange={(event) => setCity(event.target.value)}>
        <optgroup label="cities">{cities.map((each) => <option key={each} value={each}>{each}</option>)}</optgroup>
        <option>none</option>
      </select>
      <select id="many" multiple value={many} onChange={(event) => setMany([...event.target.selectedOptions].map(({ value }) => value))}>
        {['a', 'b', 'c', 'd'].map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
      <button id="set" onClick={() => { setOne(true); setChosen([...colours]); setSize('l'); setCity('oslo'); setMany(['a', 'd']); }}>set</button>
      <button id="clear" onClick={() => { setOne(false); setChosen([]); setSize(''); setCity('none'); setMany([]); }}>clear</button>
      <button id="more" onClick={() => { setMore(!more); if (more) setCity('rome'); }}>more</button>
      <pre>{[one, refused, chosen, size, city, many].join('|')}</pre>
    </>
  );
}
