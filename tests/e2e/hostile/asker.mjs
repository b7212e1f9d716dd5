// A module that asks another host: each button a question of the property `questions`, and below them the last answer.
import { createElement, currentModule, onMount, slot } from "@playconnect/module";

function put(tag, id) {
  const element = slot.appendChild(createElement(tag));
  element.setAttribute("id", id);
  return element;
}

onMount(() => {
  const { questions } = currentModule().properties;
  const buttons = Object.entries(questions).map(([name, url]) => {
    const button = put("button", `ask-${name}`);
    button.textContent = name;
    return { name, url, button };
  });
  const answer = put("pre", "answer");
  for (const { name, url, button } of buttons) {
    button.addEventListener("click", async () => {
      try {
        const response = await fetch(url);
        answer.textContent = `${response.status} ${response.url} ${await response.text()}`;
      } catch (error) {
        answer.textContent = String(error);
      }
      answer.setAttribute("data-of", name);
    });
  }
});
