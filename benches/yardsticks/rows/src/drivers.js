// Ways to write rows into a <tbody>. A driver has `begin`, then row operations, then `end`; what it does in between and at
// the end is what the page pays. The edge's part is not measured here: frames are written beforehand.
import { Applier } from "../../../../packages/client/src/applier.ts";
import { Events } from "../../../../packages/client/src/events.ts";
import { decode } from "../../../../packages/client/src/wire.ts";
import { FrameWriter, Op } from "./frames.js";

const ROW =
  '<td class="col-md-1"></td><td class="col-md-4"><a></a></td>' +
  '<td class="col-md-1"><a><span class="glyphicon glyphicon-remove" aria-hidden="true"></span></a></td><td class="col-md-6"></td>';

/** By hand, with a template that is cloned: what all others are compared with. */
export class Vanilla {
  #template = document.createElement("template");
  #rows = new Map();

  constructor(root) {
    root.innerHTML = "<table><tbody></tbody></table>";
    this.body = root.querySelector("tbody");
    this.#template.innerHTML = `<table><tbody><tr>${ROW}</tr></tbody></table>`;
    this.prototype = this.#template.content.querySelector("tr");
  }
  begin() {}
  end() {}
  make({ id, label }) {
    const row = this.prototype.cloneNode(true);
    row.firstChild.textContent = id;
    row.childNodes[1].firstChild.textContent = label;
    return row;
  }
  append(row) {
    const element = this.make(row);
    this.#rows.set(row.id, element);
    this.body.appendChild(element);
  }
  label({ id, label }) {
    this.#rows.get(id).childNodes[1].firstChild.firstChild.nodeValue = label;
  }
  select({ id }) {
    this.#rows.get(id).className = "danger";
  }
  before({ id }, other) {
    this.body.insertBefore(this.#rows.get(id), other ? this.#rows.get(other.id) : null);
  }
  remove({ id }) {
    this.#rows.get(id).remove();
    this.#rows.delete(id);
  }
  clear() {
    this.body.textContent = "";
    this.#rows.clear();
  }
}

/** By hand, element by element. */
export class Direct extends Vanilla {
  make({ id, label }) {
    const element = (name, className, ...children) => {
      const made = document.createElement(name);
      if (className) made.setAttribute("class", className);
      for (const child of children) made.appendChild(child);
      return made;
    };
    const cross = element("span", "glyphicon glyphicon-remove");
    cross.setAttribute("aria-hidden", "true");
    return element(
      "tr",
      "",
      element("td", "col-md-1", document.createTextNode(id)),
      element("td", "col-md-4", element("a", "", document.createTextNode(label))),
      element("td", "col-md-1", element("a", "", cross)),
      element("td", "col-md-6"),
    );
  }
}

/** PlayConnect's client: the messages that the edge would send, decoded and applied, one operation for each change. */
export class Operations {
  #applier;
  #rows = new Map();
  #free = [];
  #used = 3;
  #frame = 0;

  constructor(root) {
    this.slot = root.attachShadow({ mode: "open" });
    this.#applier = new Applier({
      slots: new Map([["rows", this.slot]]),
      events: new Events([this.slot], () => 0),
      status() {},
      refused(what) {
        throw new Error(`the client refuses ${what}`);
      },
    });
    this.writer = new FrameWriter();
    this.begin();
    this.writer.string(Op.Slot, 0, [1], "rows");
    this.define(this.writer);
    this.writer.op(Op.Create, this.writer.name("table"), 2);
    this.writer.op(Op.Create, this.writer.name("tbody"), 3);
    this.writer.op(Op.Insert, 0, 2, 3, 0);
    this.writer.op(Op.Insert, 0, 1, 2, 0);
    this.prepare();
    this.end();
    this.body = this.slot.querySelector("tbody");
  }
  define() {}
  begin() {
    this.writer.begin(++this.#frame);
  }
  /** What the edge does: the bytes of the message. */
  prepare() {
    this.message = this.writer.message();
  }
  end() {
    const { stream } = decode(this.message);
    this.#applier.apply([stream], false, false);
  }
  /** Page ids as the edge gives them out: freed ones first. */
  ids(count) {
    return Array.from({ length: count }, () => this.#free.pop() ?? ++this.#used);
  }
  make({ id, label }) {
    const { writer } = this;
    const [tr, first, number, second, link, text, third, tool, cross, fourth] = this.ids(10);
    const element = (at, name, className) => {
      writer.op(Op.Create, writer.name(name), at);
      if (className) writer.string(Op.Attribute, writer.name("class"), [at], className);
    };
    const insert = (parent, child) => writer.op(Op.Insert, 0, parent, child, 0);
    element(tr, "tr");
    element(first, "td", "col-md-1");
    writer.string(Op.Text, 0, [number], String(id));
    insert(first, number);
    insert(tr, first);
    element(second, "td", "col-md-4");
    element(link, "a");
    writer.string(Op.Text, 0, [text], label);
    insert(link, text);
    insert(second, link);
    insert(tr, second);
    element(third, "td", "col-md-1");
    element(tool, "a");
    element(cross, "span", "glyphicon glyphicon-remove");
    writer.string(Op.Attribute, writer.name("aria-hidden"), [cross], "true");
    insert(tool, cross);
    insert(third, tool);
    insert(tr, third);
    element(fourth, "td", "col-md-6");
    insert(tr, fourth);
    return [tr, first, number, second, link, text, third, tool, cross, fourth];
  }
  append(row) {
    const nodes = this.make(row);
    this.#rows.set(row.id, nodes);
    this.writer.op(Op.Insert, 0, 3, nodes[0], 0);
  }
  label({ id, label }) {
    this.writer.string(Op.SetText, 0, [this.#rows.get(id)[5]], label);
  }
  select({ id }) {
    this.writer.string(Op.Attribute, this.writer.name("class"), [this.#rows.get(id)[0]], "danger");
  }
  before({ id }, other) {
    this.writer.op(Op.Insert, 0, 3, this.#rows.get(id)[0], other ? this.#rows.get(other.id)[0] : 0);
  }
  remove({ id }) {
    const nodes = this.#rows.get(id);
    this.writer.op(Op.Remove, 0, nodes[0]);
    this.#rows.delete(id);
    // Given out again only behind this frame.
    this.freed.push(...nodes);
  }
  clear() {
    for (const id of [...this.#rows.keys()]) this.remove({ id });
  }
  freed = [];
  recycle() {
    this.#free.push(...this.freed.splice(0).reverse());
  }
}

/** The same with CLONE, as modules write what looks alike: every node of the template is marked. */
export class Templates extends Operations {
  define(writer) {
    const open = (name, className) => {
      writer.op(Op.Open, writer.name(name), 1);
      if (className) writer.string(Op.OpenAttribute, writer.name("class"), [], className);
    };
    const close = () => writer.op(Op.Close, 0);
    const text = () => writer.string(Op.OpenText, 0, [1], "");
    // Names come first: none is defined inside a template.
    for (const name of ["tr", "td", "a", "span", "class", "aria-hidden"]) writer.name(name);
    writer.op(Op.Template, 0, 0);
    open("tr");
    open("td", "col-md-1");
    text();
    close();
    open("td", "col-md-4");
    open("a");
    text();
    close();
    close();
    open("td", "col-md-1");
    open("a");
    open("span", "glyphicon glyphicon-remove");
    writer.string(Op.OpenAttribute, writer.name("aria-hidden"), [], "true");
    close();
    close();
    close();
    open("td", "col-md-6");
    close();
    close();
  }
  make({ id, label }) {
    const nodes = this.ids(10);
    this.writer.op(Op.Clone, 0, ...nodes);
    this.writer.string(Op.SetText, 0, [nodes[2]], String(id));
    this.writer.string(Op.SetText, 0, [nodes[5]], label);
    return nodes;
  }
}
