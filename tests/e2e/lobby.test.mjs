// The lobby in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

test("the lobby loads, and both slots are filled", async (t) => {
  const edge = await startEdge(t);
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, edge.url);

  const menu = page.locator("pc-slot[name=menu]");
  await menu.getByRole("searchbox", { name: "Find a table" }).waitFor();
  assert.equal(await menu.getByRole("listitem").count(), 50);
  const scoreboard = page.locator("pc-slot[name=scoreboard]");
  await scoreboard.getByRole("row", { name: /^1 / }).waitFor();

  // Live: what was typed goes to React at the edge, and the filtered list comes back.
  await menu.getByRole("searchbox").fill("chess");
  await menu.getByText(/^\d+ of 50 tables$/).filter({ hasNotText: "50 of 50" }).waitFor();
  await screenshot(page, "lobby");
  assert.deepEqual(problems, []);
});
