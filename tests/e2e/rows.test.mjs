// examples/rows: thousands of rows made, changed and removed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { live, openPage, startBrowser, startEdge } from "./harness.mjs";

test("rows are made, changed, swapped and removed", async (t) => {
  const edge = await startEdge(t, { app: "examples/rows" });
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const slot = page.locator("pc-slot[name=rows]");
  const press = (id) => slot.locator(`#${id}`).click();
  const counts = async (count) => {
    for (let waited = 0; waited < 400 && (await slot.locator("tr").count()) !== count; waited++) await page.waitForTimeout(50);
    assert.equal(await slot.locator("tr").count(), count);
  };
  const id = (at) => slot.locator("tr").nth(at).locator(".id").textContent();

  await press("run");
  await counts(1_000);
  await press("add");
  await counts(2_000);
  await press("update");
  await slot.locator("tr").nth(1_990).getByText("!!!").waitFor();
  assert.equal(await slot.getByText("!!!").count(), 200);

  const [second, last] = [await id(1), await id(998)];
  await press("swaprows");
  await slot.locator("tr").nth(1).getByText(last, { exact: true }).waitFor();
  assert.equal(await id(998), second);

  await slot.locator("tr").nth(5).locator(".select").click();
  await slot.locator("tr.danger").waitFor();
  assert.equal(await slot.locator("tr.danger .id").textContent(), await id(5));
  const removed = await id(7);
  await slot.locator("tr").nth(7).locator(".remove").click();
  await counts(1_999);
  assert.equal(await slot.locator(".id").getByText(removed, { exact: true }).count(), 0);

  await press("clear");
  await counts(0);
  assert.deepEqual(problems, []);
});
