import { createApp, h, ref } from "vue";
import Chat from "../../../examples/lobby/chat/src/Chat.vue";

createApp({
  setup() {
    const shown = ref(false);
    return () => [
      h("button", { type: "button", id: "toggle", onClick: () => (shown.value = !shown.value) }, shown.value ? "Unmount" : "Mount"),
      shown.value ? h(Chat) : null,
    ];
  },
}).mount("#app");
