// The lobby in a browser: what a person does on it, and what must not be seen while they do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cut } from "./cut.mjs";
import { live, openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

/** The menu, as a person finds it. */
function menuOf(page) {
  const menu = page.locator("pc-slot[name=menu]");
  return {
    party: menu.locator("#party"),
    more: menu.getByRole("button", { name: "One player more" }),
    less: menu.getByRole("button", { name: "One player less" }),
    find: menu.getByRole("searchbox"),
    order: (name) => menu.getByRole("group", { name: "Order" }).getByRole("button", { name }),
    tables: menu.getByRole("list", { name: "Tables" }).getByRole("listitem"),
    status: menu.getByRole("status"),
  };
}

const text = (locator) => locator.textContent();

/** Waits until the locator has this text, five seconds at most. */
async function has(locator, expected, waitMs = 5_000) {
  for (let at = 0; at < waitMs / 50; at++) {
    if ((await locator.count()) > 0 && (await text(locator.first())) === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await text(locator.first()), expected);
}

async function counts(locator, expected) {
  for (let at = 0; at < 100 && (await locator.count()) !== expected; at++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await locator.count(), expected);
}

test("every interaction of the lobby", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const menu = menuOf(page);
  await screenshot(page, "lobby");

  await has(menu.party, "1");
  for (let at = 0; at < 3; at++) await menu.more.click();
  await has(menu.party, "4");
  await menu.less.click();
  await has(menu.party, "3");

  await counts(menu.tables, 50);
  const before = await menu.tables.allTextContents();
  await menu.order("Name").click();
  await has(menu.order("Name").and(page.locator("[aria-pressed=true]")), "Name");
  const byName = await menu.tables.locator("strong").allTextContents();
  assert.deepEqual(byName, [...byName].sort((a, b) => a.localeCompare(b, "en")));
  await menu.order("Shuffle").click();
  await page.waitForFunction(
    (first) => {
      const names = [...document.querySelector("pc-slot[name=menu]").shadowRoot.querySelectorAll("li strong")];
      return names.map((name) => name.textContent).join() !== first;
    },
    byName.join(),
  );
  assert.deepEqual((await menu.tables.allTextContents()).sort(), before.sort(), "the same fifty tables");

  await menu.find.pressSequentially("poker", { delay: 5 });
  assert.equal(await menu.find.inputValue(), "poker", "nothing typed is lost");
  await has(menu.status, "9 of 50 tables");
  await counts(menu.tables, 9);
  await menu.find.fill("");
  await counts(menu.tables, 50);

  await menu.tables.getByRole("button", { disabled: false }).first().click();
  await counts(menu.tables.getByRole("button", { pressed: true }), 1);

  const board = page.locator("pc-slot[name=scoreboard]");
  const points = () => board.locator("td.points").allTextContents();
  const start = await points();
  await page.waitForTimeout(1_500);
  assert.notDeepEqual(await points(), start, "the scoreboard goes on by itself");
  await board.getByRole("button", { name: "Pause" }).click();
  await board.getByRole("button", { name: /Resume|Continue/ }).waitFor();
  const paused = await points();
  await page.waitForTimeout(1_000);
  assert.deepEqual(await points(), paused, "and stands still while it is paused");
  await screenshot(page, "lobby-used");
  assert.deepEqual(problems, []);
});

test("a frame is never seen half applied", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  await page.evaluate(() => {
    const root = document.querySelector("pc-slot[name=menu]").shadowRoot;
    window.seen = { wrong: [], batches: 0, typed: [] };
    root.addEventListener("input", ({ target }) => window.seen.typed.push([target.value, window.playconnect.frame()]), true);
    new MutationObserver(() => {
      window.seen.batches += 1;
      const ids = [...root.querySelectorAll("ul.tables > li")].map((item) => item.id);
      const said = Number(/^\d+/.exec(root.querySelector("[role=status]").textContent)[0]);
      if (ids.length !== said || new Set(ids).size !== ids.length) window.seen.wrong.push([ids.length, said]);
    }).observe(root, { childList: true, subtree: true, characterData: true });
  });
  const menu = menuOf(page);
  for (const name of ["Name", "Shuffle", "Newest", "Shuffle", "Free seats", "Shuffle"]) {
    // One after the other: what is clicked at once may well come in one frame.
    const before = await page.evaluate(() => window.seen.batches);
    await menu.order(name).click();
    await page.waitForFunction((before) => window.seen.batches > before, before);
  }
  // Once with an answer between typing and clearing, once with none: then it may all come in one frame that changes nothing.
  for (const isAnswered of [true, false]) {
    await menu.find.pressSequentially("garden");
    if (isAnswered) await has(menu.status, "10 of 50 tables");
    await menu.find.fill("");
    await counts(menu.tables, 50).catch(async (error) => {
      // It was seen to stay at what the first letter finds, and not why.
      const found = await page.evaluate(() => [window.seen, window.playconnect.frame(), window.playconnect.state()]);
      t.diagnostic(JSON.stringify([found, await menu.find.inputValue(), await menu.status.textContent(), problems]));
      t.diagnostic(await (await edge.ask("/metrics")).text());
      throw error;
    });
  }
  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.wrong, []);
  assert.ok(seen.batches >= 8, `${seen.batches} batches`);
});

test("the list of tables is one stop of the Tab key, and arrows, Home and End go through it", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const menu = menuOf(page);
  const shown = await menu.tables.locator("strong").allTextContents();
  const focused = menu.tables.locator("button:focus strong");
  const ask = page.getByRole("button", { name: "Ask at the door" });
  const press = async (key, table) => {
    await page.keyboard.press(key);
    await has(focused, shown[table]);
  };

  await menu.order("Shuffle").focus();
  await press("Tab", 0);
  await press("ArrowDown", 1);
  await press("ArrowDown", 2);
  await press("ArrowUp", 1);
  await press("End", 49);
  const [row, list] = await Promise.all([menu.tables.last().boundingBox(), page.getByRole("list", { name: "Tables" }).boundingBox()]);
  assert.ok(row.y >= list.y && row.y + row.height <= list.y + list.height, "what has the focus is in sight");
  await press("ArrowDown", 49);
  await press("Home", 0);
  await press("ArrowUp", 0);
  // Keys that come faster than the focus follows are not lost.
  for (let at = 0; at < 5; at++) await page.keyboard.press("ArrowDown");
  await has(focused, shown[5]);
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => window.playconnect.slots.get("menu").activeElement?.textContent === "Ask at the door");
  await press("Shift+Tab", 5);
  await page.keyboard.press("Enter");
  await counts(menu.tables.getByRole("button", { pressed: true }).filter({ hasText: shown[5] }), 1);

  // A party that does not fit takes no seat, but the table can be looked at.
  for (let at = 1; at < 8; at++) await menu.more.click();
  await has(menu.party, "8");
  await menu.tables.nth(5).locator("button").focus();
  await press("End", 49);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  await counts(menu.tables.getByRole("button", { pressed: true }).filter({ hasText: shown[5] }), 1);

  // What goes away hands the focus on.
  const tabStop = menu.tables.locator("button[tabindex='0']");
  await page.getByRole("button", { name: "Leave" }).press("Enter");
  await counts(menu.tables.getByRole("button", { pressed: true }), 0);
  await has(focused, shown[49]);
  await counts(tabStop, 1);
  await menu.find.fill("nothing like it");
  await page.getByRole("button", { name: "Show all" }).press("Enter");
  await counts(menu.tables, 50);
  assert.ok(await menu.find.evaluate((input) => input === input.getRootNode().activeElement));
  // The stop is always one that is shown.
  await menu.find.fill("poker");
  await counts(menu.tables, 9);
  await counts(tabStop, 1);
  assert.deepEqual(problems, []);
});

test("a button that has come to its end keeps the focus", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const menu = menuOf(page);
  const hold = async (button, expected) => {
    await button.focus();
    for (let at = 0; at < 10; at++) await page.keyboard.press("Enter");
    await has(menu.party, expected);
    await page.waitForTimeout(300);
    await has(menu.party, expected);
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    assert.ok(await button.evaluate((element) => element === element.getRootNode().activeElement));
  };
  await hold(menu.more, "8");
  await hold(menu.less, "1");
});

test("who comes by the keyboard is in the chat at once", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("button", { name: "Skip to the chat" });
  assert.ok(await skip.evaluate((button) => button.matches(":focus")), "the first stop in the tables");
  await screenshot(page, "lobby-skip");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.playconnect.slots.get("menu").activeElement?.getAttribute("aria-label") === "At the door");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => window.playconnect.slots.get("menu/door").activeElement?.ariaLabel), "The talk so far");
});

for (const width of [320, 390, 800, 1280]) {
  test(`at ${width} pixels nothing runs out of the page, and a search without a match moves nothing`, async (t) => {
    const edge = await startEdge(t);
    const { page } = await openPage(await startBrowser(t), edge.url, { viewport: { width, height: 844 } });
    await live(page);
    const menu = menuOf(page);
    const list = page.getByRole("list", { name: "Tables" });
    const door = page.locator("pc-slot[name='menu/door']");
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(await wide(), width);
    const [before, chat] = await Promise.all([list.boundingBox(), door.boundingBox()]);
    const cut = await list.evaluate((element) => {
      const { bottom } = element.getBoundingClientRect();
      const rows = [...element.children].map((row) => row.getBoundingClientRect());
      return rows.some((row) => row.top < bottom - 10 && row.bottom > bottom + 10);
    });
    assert.ok(cut, "a row is cut, so that the list is seen to go on");
    for (const placeholder of [menu.find, door.getByRole("textbox")]) {
      const missing = await placeholder.evaluate((input) => {
        const context = document.createElement("canvas").getContext("2d");
        const style = getComputedStyle(input);
        context.font = style.font;
        return context.measureText(input.placeholder).width - (input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
      });
      assert.ok(missing <= 0, `a placeholder is cut by ${missing} pixels`);
    }

    await menu.find.fill(`a${"very".repeat(100)}`);
    await counts(menu.tables, 0);
    assert.equal(await wide(), width);
    assert.deepEqual([await list.boundingBox(), await door.boundingBox()], [before, chat]);
    const sentence = await page.getByText("No table is called").boundingBox();
    assert.ok(sentence.x >= before.x && sentence.x + sentence.width <= before.x + before.width, "it stays in the list's width");
    assert.ok(sentence.y >= before.y && sentence.y + sentence.height <= before.y + before.height, "and in its height");
    await screenshot(page, `lobby-none-${width}`);
  });
}

/** What on the page claims to be live, or says that it is not. */
const claimsOf = (page) => ({
  live: page.locator("pc-slot[name=scoreboard]").getByText("Live", { exact: true }),
  notLive: page.locator("pc-slot[name=scoreboard]").getByText("Not live", { exact: true }),
  writing: page.locator("pc-slot[name='menu/door']").locator(".busy, .typing"),
});

async function seen(locator, count) {
  await counts(locator.filter({ visible: true }), count);
}

test("without JavaScript the page is whole, and does not claim to be live", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url, { javaScriptEnabled: false });
  await counts(menuOf(page).tables, 50);
  await counts(page.locator("pc-slot[name=scoreboard] tbody tr"), 8);
  const { live: claim, notLive, writing } = claimsOf(page);
  await counts(writing, 2);
  await seen(claim, 0);
  await seen(notLive, 1);
  await seen(writing, 0);
  const word = page.locator("noscript");
  await seen(word, 1);
  assert.match(await text(word), /complete, but it is not live/);
  await seen(page.locator("pc-slot[name='menu/door']").getByText("She needs JavaScript to talk."), 1);
  await seen(page.locator("pc-slot[name='menu/door'] form"), 0);
  await screenshot(page, "lobby-without-javascript");
});

test("going live keeps every node of the first HTML", async (t) => {
  const edge = await startEdge(t);
  const browser = await startBrowser(t);
  const context = await browser.newContext();
  const page = await context.newPage();
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/_pc/client-*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(edge.url, { waitUntil: "commit" });
  await page.locator("pc-slot[name=scoreboard] tbody tr").first().waitFor();
  const count = await page.evaluate(() => {
    const slots = (root) => [...root.querySelectorAll("pc-slot")].flatMap((slot) => [slot, ...slots(slot.shadowRoot)]);
    window.before = slots(document).map((slot) => {
      const walker = document.createTreeWalker(slot.shadowRoot, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      // The scoreboard plays on meanwhile: what somebody has just gained is a text that comes and goes.
      return nodes.filter((node) => node.parentElement?.className !== "gain");
    });
    return window.before.flat().length;
  });
  assert.ok(count > 1_000, `${count} nodes`);
  const { live: claim, notLive } = claimsOf(page);
  await seen(claim, 0);
  await seen(notLive, 1);
  release();
  await live(page);
  await seen(claim, 1);
  await seen(notLive, 0);
  const gone = await page.evaluate(() =>
    window.before.map((nodes) => nodes.filter((node) => !node.isConnected).map((node) => node.nodeName)),
  );
  assert.deepEqual(gone, [[], [], [], [], []], "nodes of the menu, of its place for the chat, of the chat, of the next round and the scoreboard that did not stay");
});

test("the ring of the next round runs smoothly, stands still while it is paused, and goes on from there", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const progress = page.locator("pc-slot[name=progress]");
  const percent = async () => Number(await progress.locator(".percent strong").textContent());
  /** What the ring shows over two seconds, at each change. */
  const watch = () =>
    page.evaluate(async () => {
      const arc = document.querySelector("pc-slot[name=progress]").shadowRoot.querySelector(".arc");
      const shown = [];
      const observer = new MutationObserver(() => shown.push(100 - Number(arc.getAttribute("stroke-dashoffset"))));
      observer.observe(arc, { attributes: true, attributeFilter: ["stroke-dashoffset"] });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      observer.disconnect();
      return shown;
    });

  const shown = await watch();
  t.diagnostic(`${shown.length} steps in two seconds`);
  assert.ok(shown.length >= 40, `${shown.length} steps in two seconds`);
  assert.deepEqual(shown, shown.toSorted((a, b) => a - b), "it never runs back");
  const moved = shown.at(-1) - shown[0];
  assert.ok(moved > 7 && moved < 13, `two seconds of twenty are about ten percent, not ${moved}`);

  await progress.getByRole("button", { name: "Pause" }).click();
  await progress.getByRole("button", { name: "Go on" }).waitFor();
  const paused = await percent();
  assert.deepEqual(await watch(), []);
  assert.equal(await percent(), paused);
  assert.equal(await progress.getByRole("progressbar").getAttribute("aria-valuenow"), String(paused));
  await screenshot(page, "lobby-progress");
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "lobby-progress-dark");

  await progress.getByRole("button", { name: "Go on" }).click();
  const after = await watch();
  assert.ok(after.length > 0 && after[0] - paused < 2, `it went on at ${after[0]}, from ${paused}`);
  assert.deepEqual(problems, []);
});

test("who wants less motion sees the next round come second by second", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url, { reducedMotion: "reduce" });
  await live(page);
  const steps = await page.evaluate(async () => {
    const arc = document.querySelector("pc-slot[name=progress]").shadowRoot.querySelector(".arc");
    let count = 0;
    // The first seconds may still belong to the first HTML, which nobody has seen yet.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    new MutationObserver(() => (count += 1)).observe(arc, { attributes: true });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    return count;
  });
  assert.ok(steps >= 2 && steps <= 6, `${steps} steps in four seconds`);
});

test("a lost socket is said quietly, and the page goes on where it was", async (t) => {
  const edge = await startEdge(t);
  const cut = await Cut.before(t, edge.ports.public);
  const { page, problems } = await openPage(await startBrowser(t), cut.url);
  await live(page);
  const menu = menuOf(page);
  await menu.find.pressSequentially("go");
  await menu.more.click();
  await has(menu.party, "2");
  const tables = await menu.tables.count();
  await menu.tables.first().evaluate((item) => {
    item.mine = true;
  });

  cut.close();
  await page.getByText("Reconnecting").waitFor();
  const { live: claim, notLive } = claimsOf(page);
  await seen(claim, 0);
  await seen(notLive, 1);
  await screenshot(page, "lobby-reconnecting");
  await menu.more.click();
  await menu.more.click();
  await has(menu.party, "2");
  cut.open();
  await has(menu.party, "4");
  await seen(claim, 1);
  await seen(notLive, 0);
  assert.equal(await menu.find.inputValue(), "go");
  assert.equal(await menu.tables.count(), tables);
  assert.ok(await menu.tables.first().evaluate((item) => item.mine === true), "the same node as before");
  assert.deepEqual(
    problems.filter((problem) => !/WebSocket|ERR_/.test(problem)),
    [],
  );
});

test("a page whose session is gone is loaded again", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  await menuOf(page).more.click();
  await has(menuOf(page).party, "2");
  await edge.stop("SIGKILL");
  const second = await startEdge(t, { ports: edge.ports });
  assert.equal(second.url, edge.url);
  // After a start that took long the browser tries every ten seconds.
  await has(menuOf(page).party, "1", 20_000);
  await live(page);
});
