// examples/rows without a framework.
import { makeRows } from "../../../../examples/rows/src/data.js";

document.body.innerHTML = `
  <div class="actions">
    <button type="button" id="run">Create 1,000 rows</button>
    <button type="button" id="runlots">Create 10,000 rows</button>
    <button type="button" id="add">Append 1,000 rows</button>
    <button type="button" id="update">Update every 10th row</button>
    <button type="button" id="clear">Clear</button>
    <button type="button" id="swaprows">Swap rows</button>
  </div>
  <table><tbody></tbody></table>`;
const template = document.createElement("template");
template.innerHTML =
  '<table><tbody><tr class=""><td class="id"></td><td class="label"><button type="button" class="select"></button></td><td class="tools"><button type="button" class="remove" aria-label="Remove"><span class="cross" aria-hidden="true"></span></button></td><td class="rest"></td></tr></tbody></table>';
const prototype = template.content.querySelector("tr");
const body = document.querySelector("tbody");
let rows = [];
let selected;

function append(added) {
  for (const row of added) {
    const element = prototype.cloneNode(true);
    element.firstChild.textContent = row.id;
    element.childNodes[1].firstChild.textContent = row.label;
    element.data = row;
    row.element = element;
    body.appendChild(element);
  }
  rows = [...rows, ...added];
}

function clear() {
  body.textContent = "";
  rows = [];
  selected = undefined;
}

const actions = {
  run() {
    clear();
    append(makeRows(1_000));
  },
  runlots() {
    clear();
    append(makeRows(10_000));
  },
  add: () => append(makeRows(1_000)),
  clear,
  update() {
    for (let at = 0; at < rows.length; at += 10) {
      rows[at].label += " !!!";
      rows[at].element.childNodes[1].firstChild.firstChild.nodeValue = rows[at].label;
    }
  },
  swaprows() {
    if (rows.length < 999) return;
    const [one, other] = [rows[1], rows[998]];
    body.insertBefore(other.element, rows[2].element);
    body.insertBefore(one.element, rows[999]?.element ?? null);
    [rows[1], rows[998]] = [other, one];
  },
};
for (const [id, action] of Object.entries(actions)) document.getElementById(id).addEventListener("click", action);
body.addEventListener("click", ({ target }) => {
  const element = target.closest("tr");
  if (target.closest(".remove")) {
    rows.splice(rows.indexOf(element.data), 1);
    element.remove();
  } else if (target.closest(".select")) {
    if (selected) selected.className = "";
    selected = element;
    element.className = "danger";
  }
});
