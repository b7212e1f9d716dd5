import { AxisBottom, AxisLeft } from '@visx/axis';
import { scaleBand, scaleLinear } from '@visx/scale';
import { Bar, LinePath } from '@visx/shape';
import { useMemo, useState } from 'react';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter, n) => ({ letter, frequency: ((n * 7919) % 97) / 100 + 0.02 }));
const [width, height, margin] = [640, 300, 40];

export default function App() {
  const [count, setCount] = useState(12);
  const [sorted, setSorted] = useState(false);
  const [line, setLine] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [over, setOver] = useState('');
  const data = useMemo(() => {
    const shown = letters.slice(0, count);
    return sorted ? shown.sort((a, b) => b.frequency - a.frequency) : shown;
  }, [count, sorted]);
  const xScale = useMemo(() => scaleBand<string>({ range: [margin, width], round: true, domain: data.map((d) => d.letter), padding: 0.4 }), [data]);
  const yScale = useMemo(() => scaleLinear<number>({ range: [height - margin, 0], round: true, domain: [0, Math.max(...data.map((d) => d.frequency))] }), [data]);
  return (
    <main>
      <button onClick={() => setCount(count === 12 ? 26 : 12)}>all or some</button>
      <button onClick={() => setSorted(!sorted)}>sort</button>
      <button onClick={() => setLine(!line)}>line</button>
      <p id="chosen">{chosen ?? 'none'} {over}</p>
      <svg width={width} height={height}>
        <rect width={width} height={height} fill="teal" rx={14} />
        {data.map((d) => {
          const barHeight = height - margin - (yScale(d.frequency) ?? 0);
          return (
            <Bar
              key={d.letter}
              className="bar"
              data-letter={d.letter}
              x={xScale(d.letter)}
              y={height - margin - barHeight}
              width={xScale.bandwidth()}
              height={barHeight}
              fill={chosen === d.letter ? 'orange' : 'rgba(23, 233, 217, .5)'}
              onClick={() => setChosen(d.letter)}
              onMouseEnter={() => setOver(`over ${d.letter}`)}
            />
          );
        })}
        {line && <LinePath data={data} x={(d) => (xScale(d.letter) ?? 0) + xScale.bandwidth() / 2} y={(d) => yScale(d.frequency)} stroke="black" />}
        <AxisLeft scale={yScale} left={margin} numTicks={5} />
        <AxisBottom scale={xScale} top={height - margin} />
      </svg>
    </main>
  );
}
