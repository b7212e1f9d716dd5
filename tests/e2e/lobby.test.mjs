// The lobby in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

test("the lobby loads, and both slots are filled", async (t) => {
  const edge = await startEdge(t);
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, edge.url);

  const menu = page.locator("pc-slot[name=menu]");
  await menu.getByRole("textbox").first().waitFor();
  const scoreboard = page.locator("pc-slot[name=scoreboard]");
  await scoreboard.getByText(/\d/).first().waitFor();
  await screenshot(page, "lobby");
  assert.deepEqual(problems, []);
});
