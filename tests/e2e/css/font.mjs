// A TrueType font of our own making: every character of ASCII is one box. Fonts with boxes of other widths are told
// apart by the width of a text.

const UNITS_PER_EM = 1000;
const FIRST = 0x20;
const LAST = 0x7e;

/**
 * @param {number} width of each character, in thousandths of the font's size
 * @returns {Buffer}
 */
export function boxFont(width) {
  const height = 700;
  // One contour of four points, all on the curve, as differences (16 bits each).
  const contour = [i16(1, 0, 0, width, height), u16(3, 0), Buffer.from([1, 1, 1, 1]), i16(0, width, 0, -width), i16(0, 0, height, 0)];
  const glyph = padded(Buffer.concat(contour));
  const count = LAST - FIRST + 1;
  const tables = {
    "OS/2": Buffer.concat([
      u16(4), i16(width), u16(400, 5, 0), i16(650, 700, 0, 140, 650, 700, 0, 480, 50, 260, 0), Buffer.alloc(10), Buffer.alloc(16),
      Buffer.from("test"), u16(0x40, FIRST, LAST), i16(height, -200, 0), u16(900, 200), Buffer.alloc(8), i16(500, height), u16(0, FIRST, 1),
    ]),
    // Format 4: one segment whose glyphs stand in a list, and the one that ends it.
    cmap: Buffer.concat([
      u16(0, 1, 3, 1), u32(12), u16(4, 32 + 2 * count, 0, 4, 4, 1, 0), u16(LAST, 0xffff), u16(0), u16(FIRST, 0xffff), u16(0, 1), u16(4, 0),
      ...Array.from({ length: count }, () => u16(1)),
    ]),
    glyf: glyph,
    head: Buffer.concat([
      u32(0x10000, 0x10000, 0, 0x5f0f3cf5), u16(0, UNITS_PER_EM), Buffer.alloc(16), i16(0, 0, width, height), u16(0, 8), i16(2, 1, 0),
    ]),
    hhea: Buffer.concat([u32(0x10000), i16(height, -200, 0), u16(width), i16(0, 0, width, 1, 0, 0), Buffer.alloc(8), i16(0), u16(2)]),
    hmtx: u16(width, 0, width, 0),
    loca: u32(0, 0, glyph.length),
    maxp: Buffer.concat([u32(0x10000), u16(2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)]),
    name: names({ 1: "Box", 2: "Regular", 3: `Box ${width}`, 4: "Box", 5: "Version 1", 6: "Box" }),
    post: Buffer.concat([u32(0x30000, 0), i16(-100, 50), u32(1, 0, 0, 0, 0)]),
  };
  const tags = Object.keys(tables).sort();
  const directory = [];
  const bodies = [];
  let at = 12 + 16 * tags.length;
  for (const tag of tags) {
    const body = padded(tables[tag]);
    directory.push(Buffer.from(tag), u32(sum(body), at, tables[tag].length));
    bodies.push(body);
    at += body.length;
  }
  return Buffer.concat([u32(0x10000), u16(tags.length, 128, 3, tags.length * 16 - 128), ...directory, ...bodies]);
}

/** For Windows, in English. */
function names(texts) {
  const records = [];
  const strings = [];
  let at = 0;
  for (const [id, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text, "utf16le").swap16();
    records.push(u16(3, 1, 0x409, Number(id), bytes.length, at));
    strings.push(bytes);
    at += bytes.length;
  }
  return Buffer.concat([u16(0, records.length, 6 + 12 * records.length), ...records, ...strings]);
}

function padded(buffer) {
  return Buffer.concat([buffer, Buffer.alloc((4 - (buffer.length % 4)) % 4)]);
}

function sum(buffer) {
  let total = 0;
  for (let at = 0; at < buffer.length; at += 4) total = (total + buffer.readUInt32BE(at)) >>> 0;
  return total;
}

function u16(...values) {
  return Buffer.concat(values.map((value) => Buffer.from([value >>> 8, value & 255])));
}

function i16(...values) {
  return u16(...values.map((value) => value & 0xffff));
}

function u32(...values) {
  return Buffer.concat(values.map((value) => u16(value >>> 16, value & 0xffff)));
}
