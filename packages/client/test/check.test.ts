import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { attributeAllowed, commandName, elementAllowed, eventAllowed } from "../src/check.ts";

type Vector = [namespace: number, element: string, attributeNamespace: number, name: string, value: string, verdict: string];

const vectors = JSON.parse(readFileSync("protocol/vectors/allow.json", "utf8")) as {
  attributes: Vector[];
  events: [string, string][];
};

test("every attribute of the vectors gets its verdict", () => {
  const wrong = vectors.attributes.filter(([namespace, element, attributeNamespace, name, value, verdict]) => {
    // An empty attribute name with an empty value asks for the element itself, whose verdict is the vector's.
    const allowed =
      name === "" && value === ""
        ? elementAllowed(namespace, element)
        : attributeAllowed(namespace, element, attributeNamespace, name, value);
    return allowed !== (verdict === "ok");
  });
  assert.deepEqual(wrong, []);
});

test("every event type of the vectors gets its verdict", () => {
  assert.deepEqual(
    vectors.events.filter(([type, verdict]) => eventAllowed(type) !== (verdict === "ok")),
    [],
  );
});

test("commands are numbered from 1", () => {
  assert.deepEqual([0, 1, 4, 7, 8].map(commandName), [undefined, "focus", "scrollIntoView", "showPopover", undefined]);
});
