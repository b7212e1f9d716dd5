// A streaming table of 150 rows: every 50 ms 30 of them change, one comes in at the top and one leaves.
import { createElement as h, memo, useEffect, useState } from "react";
import { now, random } from "../../pages/clock.js";

const ROWS = 150;
const LOADS = { base: { everyMs: 50, changes: 30 }, heavy: { everyMs: 16, changes: 120 } };

const Row = memo(({ row }) =>
  h(
    "tr",
    { className: row.change > 0 ? "up" : "down" },
    h("td", null, row.id),
    h("td", null, row.symbol),
    h("td", null, row.price.toFixed(2)),
    h("td", null, row.change.toFixed(2)),
    h("td", null, row.volume),
    h("td", null, row.note),
  ),
);

export function Table({ heavy = false }) {
  const [stream] = useState(makeStream);
  const [{ rows, time }, setState] = useState({ rows: stream.rows, time: 0 });
  useEffect(() => {
    const { everyMs, changes } = heavy ? LOADS.heavy : LOADS.base;
    const timer = setInterval(() => setState({ rows: stream.next(changes), time: now() }), everyMs);
    return () => clearInterval(timer);
  }, [heavy, stream]);
  return h(
    "div",
    { className: "tablewrap" },
    h("span", { className: "stamp", "data-t": String(time) }, ""),
    h("table", null, h("tbody", null, rows.map((row) => h(Row, { key: row.id, row })))),
  );
}

function makeStream() {
  const next = random(1);
  let id = 0;
  const make = () => ({
    id: ++id,
    symbol: `S${(next() * 500) | 0}`,
    price: 100 + next() * 50,
    change: next() - 0.5,
    volume: (next() * 1e5) | 0,
    note: `row ${id}`,
  });
  const stream = {
    rows: Array.from({ length: ROWS }, make),
    next(changes) {
      const rows = stream.rows.slice();
      for (let at = 0; at < changes; at++) {
        const position = (next() * ROWS) | 0;
        const row = rows[position];
        rows[position] = { ...row, price: row.price + next() - 0.5, change: next() - 0.5, volume: row.volume + 1 };
      }
      rows.pop();
      rows.unshift(make());
      return (stream.rows = rows);
    },
  };
  return stream;
}
