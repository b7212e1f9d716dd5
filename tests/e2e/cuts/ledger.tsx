// Writes down each event that it is told of: in a list on the page, and in the node's log.
import { mount } from '@playconnect/react';
import { memo, useState } from 'react';

const LINE = 50;

const Line = memo(({ ids }: { ids: string }) => <p>{ids}</p>);

function Ledger() {
  const [ids, setIds] = useState<string[]>([]);
  const [typed, setTyped] = useState('');
  const take = (id: string) => {
    console.log(`handled ${id}`);
    setIds((ids) => [...ids, id]);
  };
  const lines = [];
  for (let at = 0; at < ids.length; at += LINE) lines.push(<Line key={at} ids={ids.slice(at, at + LINE).join(' ')} />);
  return (
    <form>
      {/* Each place is another event. */}
      <button id="area" type="button" onClick={(event) => take(`click:${event.clientX},${event.clientY}`)}>
        {ids.length} events
      </button>
      <input
        id="typed"
        value={typed}
        onChange={(event) => {
          take(`type:${(event.nativeEvent as unknown as { data: string }).data}`);
          setTyped(event.target.value);
        }}
      />
      {/* Nobody listens: what is typed here is the browser's alone. */}
      <textarea id="own" />
      <div id="ids">{lines}</div>
    </form>
  );
}

mount(<Ledger />);
