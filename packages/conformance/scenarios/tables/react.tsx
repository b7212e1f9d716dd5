import { useState } from 'react';
import { sorted, start, type Line } from './table';

export default function Tables() {
  const [lines, setLines] = useState(start);
  const [by, setBy] = useState<'name' | 'amount'>('amount');
  const [down, setDown] = useState(false);
  const [wide, setWide] = useState(false);
  const [grouped, setGrouped] = useState(false);
  const [edited, setEdited] = useState(-1);
  const sort = (next: 'name' | 'amount') => { setBy(next); setDown(next === by && !down); };
  const ordered = sorted(lines, by, down);
  const groups: [string, Line[]][] = grouped ? [['even', ordered.filter(({ id }) => id % 2 === 0)], ['odd', ordered.filter(({ id }) => id % 2 === 1)]] : [['all', ordered]];
  const rename = (id: number, name: string) => setLines(lines.map((line) => (line.id === id ? { ...line, name } : line)));
  return (
    <>
      <button id="add" onClick={() => setLines([...lines, { id: 100 + lines.length, name: 'item new', amount: 50 }])}>add</button>
      <button id="columns" onClick={() => setWide(!wide)}>columns</button>
      <button id="group" onClick={() => setGrouped(!grouped)}>group</button>
      <button id="empty" onClick={() => setLines([])}>empty</button>
      <table>
        <caption>{lines.length} lines by {by}</caption>
        <colgroup><col span={2} />{wide && <col className="wide" />}</colgroup>
        <thead>
          <tr>
            <th scope="col" aria-sort={by === 'name' ? (down ? 'descending' : 'ascending') : undefined}><button id="by-name" onClick={() => sort('name')}>name</button></th>
            <th scope="col" aria-sort={by === 'amount' ? (down ? 'descending' : 'ascending') : undefined}><button id="by-amount" onClick={() => sort('amount')}>amount</button></th>
            {wide && <th>share</th>}
            <th></th>
          </tr>
        </thead>
        {groups.map(([title, rows]) => (
          <tbody key={title}>
            {grouped && <tr className="title"><th colSpan={wide ? 4 : 3} scope="rowgroup">{title}</th></tr>}
            {rows.length === 0 && <tr><td colSpan={wide ? 4 : 3}>nothing</td></tr>}
            {rows.map((line) => (
              <tr key={line.id}>
                <td>{edited === line.id ? <input id="cell" value={line.name} onChange={(event) => rename(line.id, event.target.value)} /> : line.name}</td>
                <td align="right">{line.amount}</td>
                {wide && <td>{line.amount} %</td>}
                <td><button className="edit" onClick={() => setEdited(line.id)}>edit</button><button className="remove" onClick={() => setLines(lines.filter(({ id }) => id !== line.id))}>remove</button></td>
              </tr>
            ))}
          </tbody>
        ))}
        <tfoot><tr><td>sum</td><td>{lines.reduce((sum, { amount }) => sum + amount, 0)}</td></tr></tfoot>
      </table>
    </>
  );
}
