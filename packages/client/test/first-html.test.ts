// Random trees (protocol/vectors/first-html.json) through the browser's parser: what it makes of their HTML is adopted
// node by node, or found to be another tree and put right.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Edge } from "./browser.ts";
import type { Stream } from "../src/wire.ts";

type Node = string | ["!", string] | [name: string, namespace: number, attributes: Record<string, string>, children: Node[]];
interface Vector {
  /** `kept`: a parser makes these trees of their HTML. `any`: it may make others. */
  kind: "kept" | "any";
  slots: { name: string; html: string; nodes: Node[] }[];
  adopt: string[];
  replace: string[];
}
const vectors = JSON.parse(readFileSync("protocol/vectors/first-html.json", "utf8")) as Vector[];

let edge: Edge;
before(async () => {
  edge = await Edge.start();
});
after(() => edge.stop());

/** Adjacent texts and empty ones count: a module knows each of them. */
function nodesOf(name: string): Node[] {
  const namespaces = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"];
  const read = (node: ChildNode): Node => {
    if (node instanceof Text) return node.data;
    if (node instanceof Comment) return ["!", node.data];
    const element = node as Element;
    const attributes = Object.fromEntries([...element.attributes].map(({ localName, value }) => [localName, value]));
    return [element.localName, namespaces.indexOf(element.namespaceURI!), attributes, [...element.childNodes].map(read)];
  };
  const root = document.querySelector(`pc-slot[name=${name}]`)!.shadowRoot!;
  return [...root.childNodes].filter((node) => !(node instanceof Element && node.hasAttribute("data-pc-host"))).map(read);
}

/** W, B, words, bytes. */
function stream(hex: string): Stream {
  const bytes = Buffer.from(hex, "hex");
  const [words, length] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  const end = 8 + words * 4;
  return { words: Uint32Array.from({ length: words }, (_, at) => bytes.readUInt32LE(8 + at * 4)), strings: bytes.subarray(end, end + length) };
}

vectors.forEach(({ kind, slots, adopt, replace }, at) => {
  test(`page ${at + 1} of random trees (${kind}): ${slots.length} slots`, async () => {
    const { page, connection } = await edge.open(Object.fromEntries(slots.map(({ name, html }) => [name, html])));
    // Whatever a parser makes of a module's HTML, it stays in its slot.
    const outside = await page.evaluate(() => [...document.body.children].map(({ localName }) => localName).join(" "));
    assert.equal(outside, [...slots.map(() => "pc-slot"), "script", "script"].join(" "));
    assert.equal(await page.evaluate(() => document.head.children.length), 1, "the title");

    const send = async (number: number, parts: string[], fresh: boolean) => {
      parts.forEach((part, position) =>
        connection.send({ type: "frame", more: position < parts.length - 1, fresh, frame: number, acknowledged: 0, stream: stream(part) }),
      );
      for (let ack; ack !== number; ) ack = (await connection.next("ack")).frame;
    };
    await send(1, adopt, true);
    // A resync follows the ack in the same task; a second frame makes sure that it has come.
    await send(2, ["0000000000000000"], false);
    // A slot's page id is its position and 1.
    const resynced = connection.received.flatMap((message) => (message.type === "resync" ? [slots[message.node - 1]!.html] : []));
    if (kind === "kept") assert.deepEqual(resynced, [], "every node was adopted");
    else {
      assert(resynced.length > 0 && resynced.length < slots.length, `${resynced.length} of ${slots.length} are other trees`);
      await send(3, replace, true);
    }
    for (const { name, nodes, html } of slots) assert.deepEqual(await page.evaluate(nodesOf, name), nodes, html);
    await page.context().close();
  });
});
