import { createElement, useState } from 'react';
import { path, series } from './chart';

export default function Svg() {
  const [n, setN] = useState(0);
  const [chosen, setChosen] = useState(-1);
  const [inside, setInside] = useState(0);
  const [round, setRound] = useState(false);
  const values = series[n % series.length]!;
  return (
    <>
      <button id="next" onClick={() => setN(n + 1)}>next</button>
      <button id="kind" onClick={() => setRound(!round)}>kind</button>
      <svg viewBox="0 0 200 100" width="200" height="100" preserveAspectRatio="xMidYMid meet" className={`chart c${n}`}>
        <title>chart {n}</title>
        <defs>
          <linearGradient id="g" gradientTransform="rotate(90)"><stop offset="5%" stopColor="gold" /><stop offset="95%" stopColor={n % 2 ? 'red' : 'blue'} /></linearGradient>
          <clipPath id="c" clipPathUnits="userSpaceOnUse"><circle cx="50" cy="50" r={40 + n} /></clipPath>
        </defs>
        {values.map((value, at) => <rect key={at} x={at * 20} y={100 - value * 10} width="15" height={value * 10} fill={chosen === at ? 'red' : 'url(#g)'} fillOpacity={0.8} onClick={() => setChosen(at)} />)}
        <path d={path(values)} strokeWidth={n + 1} stroke="black" fill="none" strokeDasharray="4 1" vectorEffect="non-scaling-stroke" pointerEvents="none" />
        {round ? <circle cx="10" cy="10" r="5" /> : <ellipse cx="10" cy="10" rx="5" ry="3" />}
        <g clipPath="url(#c)" transform={`translate(${n} 2)`}><text x="1" y="9" textAnchor="middle">n is {n} <tspan fontWeight="bold">{chosen}</tspan></text></g>
        <use href="#g" xlinkHref={`#x${n}`} />
        <foreignObject x="120" y="0" width="80" height="40"><div className="html"><button id="inside" onClick={() => setInside(inside + 1)}>in {inside}</button><svg width="5" height="5"><path d="M0 0h5" /></svg></div></foreignObject>
      </svg>
      {createElement('math', null, createElement('mi', null, 'x'), createElement('mo', null, '='), createElement('mn', null, n))}
    </>
  );
}
