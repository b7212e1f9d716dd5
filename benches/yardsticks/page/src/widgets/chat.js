// A chat: 5 messages a second come in, 120 are kept; a click on Send adds "me #n" at once.
import { h, onMounted, onUnmounted, shallowRef } from "vue";

const EVERY_MS = 200;
const KEPT = 120;

export const Chat = {
  props: { button: { type: String, default: "button" } },
  setup({ button }) {
    const messages = shallowRef([]);
    let [count, mine] = [0, 0];
    const push = (who, text) => (messages.value = [...messages.value.slice(1 - KEPT), { id: ++count, who, text }]);
    let timer;
    onMounted(() => (timer = setInterval(() => push("bot", `message ${count}`), EVERY_MS)));
    onUnmounted(() => clearInterval(timer));
    const send = () => push("me", `me #${++mine}`);
    const item = ({ id, who, text }) => h("li", { key: id, class: who }, [h("b", `${who}: `), text]);
    return () =>
      h("div", { class: "chat" }, [
        h(button, { class: "send", onClick: send }, "Send"),
        h("ul", { class: "msgs" }, messages.value.slice().reverse().map(item)),
      ]);
  },
};
