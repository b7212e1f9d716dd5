// Makes a module trap: machine code that no compiler would write, put into a component that was built from a bundle.

const TURN = "playconnect:module/guest@0.1.0#turn";
const CORE_MODULE = 1;
const IMPORTS = 2;
const EXPORTS = 7;
const CODE = 10;
const FUNCTION = 0;

/**
 * `turn(now: i64, inputs: i32, count: i32)` begins with this: if the first input is an event (case 1 of the variant
 * `input` of protocol/wit/module.wit), then `unreachable`.
 */
const TRAP_ON_EVENT = [
  ...[0x20, 1], // local.get inputs
  ...[0x2d, 0, 0], // i32.load8_u
  ...[0x41, 1], // i32.const 1
  0x46, // i32.eq
  ...[0x04, 0x40], // if
  0x00, // unreachable
  0x0b, // end
];

/**
 * @param {Uint8Array} component of a JavaScript module
 * @returns {Buffer} the same, but for every turn with an event, which traps
 */
export function trapOnEvents(component) {
  let done = false;
  const bytes = sections(component, (id, content) => {
    if (id !== CORE_MODULE || done) return content;
    const core = trapInTurn(content);
    done = core !== null;
    return core ?? content;
  });
  if (!done) throw new Error(`no core module of the component exports ${TURN}`);
  return bytes;
}

function trapInTurn(core) {
  let imported = 0;
  let turn = null;
  sections(core, (id, content) => {
    const reader = new Reader(content);
    if (id === IMPORTS) imported = reader.importedFunctions();
    if (id === EXPORTS) turn = reader.exportedFunction(TURN);
    return content;
  });
  if (turn === null) return null;
  return sections(core, (id, content) => (id === CODE ? insert(content, turn - imported) : content));
}

/** The code section with `TRAP_ON_EVENT` at the start of one of its bodies. */
function insert(code, index) {
  const reader = new Reader(code);
  const count = reader.number();
  const bodies = [];
  for (let at = 0; at < count; at++) {
    const size = reader.number();
    const body = reader.take(size);
    if (at === index) {
      const locals = new Reader(body);
      for (let groups = locals.number(); groups > 0; groups--) {
        locals.number();
        locals.take(1);
      }
      const start = locals.at;
      const longer = Buffer.concat([body.subarray(0, start), Buffer.from(TRAP_ON_EVENT), body.subarray(start)]);
      bodies.push(number(longer.length), longer);
    } else {
      bodies.push(number(size), body);
    }
  }
  return Buffer.concat([number(count), ...bodies]);
}

/** The file with each section's content as `change` gives it back. */
function sections(file, change) {
  const reader = new Reader(file);
  const parts = [reader.take(8)];
  while (reader.at < file.length) {
    const [id] = reader.take(1);
    const content = change(id, reader.take(reader.number()));
    parts.push(Buffer.from([id]), number(content.length), content);
  }
  return Buffer.concat(parts);
}

class Reader {
  at = 0;
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  take(length) {
    if (this.at + length > this.#bytes.length) throw new Error(`the file is cut off at byte ${this.at}`);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** LEB128, unsigned. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const [byte] = this.take(1);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name() {
    return this.take(this.number()).toString();
  }

  /** Our engine imports functions, and nothing else. */
  importedFunctions() {
    const count = this.number();
    for (let at = 0; at < count; at++) {
      this.name();
      const name = this.name();
      if (this.take(1)[0] !== FUNCTION) throw new Error(`the import ${name} is no function`);
      this.number();
    }
    return count;
  }

  exportedFunction(wanted) {
    let found = null;
    for (let count = this.number(); count > 0; count--) {
      const name = this.name();
      const [kind] = this.take(1);
      const index = this.number();
      if (name === wanted && kind === FUNCTION) found = index;
    }
    return found;
  }
}

function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}
