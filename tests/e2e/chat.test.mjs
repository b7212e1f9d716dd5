// The talk with the doorkeeper, a Vue module: what is typed, what is answered later, and that both stay in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cut } from "./cut.mjs";
import { live, openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

function chatOf(page) {
  const chat = page.locator("pc-slot[name='menu/door']");
  return {
    chat,
    messages: chat.getByRole("listitem"),
    input: chat.getByRole("textbox", { name: "Your message to Odile" }),
    send: chat.getByRole("button", { name: "Send" }),
    questions: chat.getByRole("group", { name: "Questions to begin with" }),
    typing: chat.locator(".typing"),
    said: () => chat.locator(".message p").allTextContents(),
  };
}

test("the doorkeeper greets by herself, and answers what is typed", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const { messages, input, send, questions, typing, said } = chatOf(page);
  await messages.nth(1).waitFor();
  const greeted = await said();
  assert.match(greeted[0], /Odile/);
  await typing.waitFor({ state: "hidden" });
  assert.ok(await send.isDisabled(), "there is nothing to send yet");

  const question = "Is there room at a table of go, please?";
  await input.pressSequentially(question, { delay: 5 });
  assert.equal(await input.inputValue(), question, "nothing typed is lost");
  await input.press("Enter");
  await messages.nth(2).waitFor();
  assert.equal(page.url(), edge.url, "the form does not leave the page");
  await typing.waitFor({ state: "visible" });
  await messages.nth(3).waitFor();
  await typing.waitFor({ state: "hidden" });
  assert.equal(await input.inputValue(), "", "what was sent is gone from the field");
  const talk = await said();
  assert.deepEqual(talk.slice(0, 3), [...greeted, question]);
  // The tables in the menu say the same.
  const free = page.locator("pc-slot[name=menu] li", { hasText: "Go ·" }).filter({ hasText: /[1-9]\d* free/ });
  assert.match(talk[3], new RegExp(`^${await free.count()} tables of go have a free seat\\. The newest are `));
  assert.equal(await questions.count(), 0, "questions to begin with go with the first message");
  const newest = await messages.nth(3).boundingBox();
  const frame = await page.locator("pc-slot[name='menu/door'] .talk").boundingBox();
  assert.ok(newest.y + newest.height <= frame.y + frame.height + 1, "the newest message is in sight");
  await page.waitForTimeout(600);
  assert.deepEqual(await messages.evaluateAll((items) => items.map(({ className }) => className)), ["message hers", "message hers", "message own", "message hers"], "the transitions have ended");
  await page.locator("pc-slot[name='menu/door']").scrollIntoViewIfNeeded();
  await screenshot(page, "lobby-chat");
  assert.deepEqual(problems, []);
});

test("who asks before the doorkeeper has finished greeting gets an answer, and no invitation to ask behind it", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const { messages, input, typing, said } = chatOf(page);
  await messages.first().waitFor();
  await input.fill("Is there chess?");
  await input.press("Enter");
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").querySelectorAll(".message").length === 3);
  await typing.waitFor({ state: "hidden" });
  // Longer than she would have gone on greeting.
  await page.waitForTimeout(2_000);
  const talk = await said();
  assert.equal(talk.length, 3);
  assert.match(talk[0], /Odile/);
  assert.equal(talk[1], "Is there chess?");
  assert.match(talk[2], /of chess/);
});

test("what is typed far from the edge and sent with Enter at once is sent whole", async (t) => {
  const edge = await startEdge(t);
  const cut = await Cut.before(t, edge.ports.public, 150);
  const { page } = await openPage(await startBrowser(t), cut.url);
  await live(page);
  const { input, said } = chatOf(page);
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").querySelectorAll(".message").length === 2);
  await input.pressSequentially("Is there chess?");
  await input.press("Enter");
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").querySelectorAll(".message").length > 2);
  assert.equal((await said())[2], "Is there chess?");
});

test("on a narrow screen nothing of the chat is cut off", async (t) => {
  const edge = await startEdge(t);
  const { page } = await openPage(await startBrowser(t), edge.url, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  await live(page);
  const { chat, messages, input } = chatOf(page);
  await messages.nth(1).waitFor();
  await input.fill("And which tables are there for a party of three, with a name of unusual length like Donaudampfschifffahrtsgesellschaft?");
  await input.press("Enter");
  await messages.nth(3).waitFor();
  const wide = await chat.evaluate((slot) => {
    // With the padding of the card in which it stands.
    const { right } = document.querySelector("pc-slot[name=menu]").getBoundingClientRect();
    return [...slot.shadowRoot.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > right).map(({ className, localName }) => `${localName}.${className}`);
  });
  assert.deepEqual(wide, []);
  await chat.scrollIntoViewIfNeeded();
  await screenshot(page, "lobby-chat-narrow");
});

test("a question to begin with is put into the field, and typed on", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url, { colorScheme: "dark" });
  await live(page);
  const { chat, messages, input, send, questions, said } = chatOf(page);
  await messages.nth(1).waitFor();
  await questions.getByRole("button", { name: "Room for a party of four?" }).click();
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").activeElement?.id === "chat-text");
  assert.equal(await input.inputValue(), "Room for a party of four?");
  await screenshot(page, "lobby-chat-dark");
  await input.press("End");
  await input.pressSequentially(" Keiko?");
  await send.click();
  await messages.nth(3).waitFor();
  assert.equal((await said())[2], "Room for a party of four? Keiko?");
  assert.match((await said())[3], /with Keiko ha(s|ve) room for 4/);

  await input.fill("x".repeat(190));
  await chat.getByText("10", { exact: true }).waitFor();
  await input.press("End");
  await input.pressSequentially("y".repeat(15));
  assert.equal((await input.inputValue()).length, 200, "the field takes 200 characters");
  await input.fill("   ");
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").querySelector("[type=submit]").ariaDisabled === "true");
  await input.press("Enter");
  await page.waitForTimeout(500);
  assert.equal(await messages.count(), 4, "blanks are not sent");
  assert.deepEqual(problems, []);
});

test("put away by the menu, the chat stands nowhere, hears what it waits for, and comes back as it was", async (t) => {
  const edge = await startEdge(t);
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const { chat, messages, input, said } = chatOf(page);
  await messages.nth(1).waitFor();
  const ask = page.getByRole("button", { name: "Ask at the door" });
  await input.fill("Is there chess?");
  await input.press("Enter");
  await messages.nth(2).waitFor();
  await input.fill("And");
  await ask.click();
  await page.waitForFunction(() => !window.playconnect.slots.get("menu/door").isConnected);
  assert.equal(await chat.count(), 0);
  await page.waitForFunction(() => window.playconnect.slots.get("menu/door").querySelectorAll(".message").length === 4);
  await ask.click();
  await chat.waitFor();
  assert.equal((await said()).length, 4, "the answer came while nobody looked");
  assert.equal(await input.inputValue(), "And");
  await input.focus();
  await input.press("End");
  await input.pressSequentially(" Go?");
  await input.press("Enter");
  await messages.nth(4).waitFor();
  assert.equal((await said())[4], "And Go?");
  assert.deepEqual(problems, []);
});
