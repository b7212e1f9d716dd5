import { createApp } from "vue";
import { Chat } from "../widgets/chat.js";

createApp(Chat).mount("#app");
