import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';

export default function RowVirtualizerFixed() {
  const parentRef = useRef<HTMLDivElement>(null);
  const [count, setCount] = useState(10_000);
  const [chosen, setChosen] = useState(-1);
  const rowVirtualizer = useVirtualizer({ count, getScrollElement: () => parentRef.current, estimateSize: () => 35, overscan: 5 });
  return (
    <>
      <button onClick={() => rowVirtualizer.scrollToIndex(5_000, { align: 'start' })}>to the middle</button>
      <button onClick={() => rowVirtualizer.scrollToIndex(0)}>to the top</button>
      <button onClick={() => setCount(count === 10_000 ? 20 : 10_000)}>more or less</button>
      <p id="chosen">row {chosen} of {count}</p>
      <div ref={parentRef} className="List" style={{ height: '400px', width: '400px', overflow: 'auto' }}>
        <div style={{ height: `${rowVirtualizer.getTotalSize()}px`, width: '100%', position: 'relative' }}>
          {rowVirtualizer.getVirtualItems().map((virtualRow) => (
            <div
              key={virtualRow.index}
              className="row"
              onClick={() => setChosen(virtualRow.index)}
              style={{ position: 'absolute', top: 0, left: 0, width: '100%', height: `${virtualRow.size}px`, transform: `translateY(${virtualRow.start}px)` }}
            >
              Row {virtualRow.index}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
