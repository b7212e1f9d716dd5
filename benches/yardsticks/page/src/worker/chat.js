import { serve } from "./common.js";
import { createApp } from "vue";
import { Chat } from "../widgets/chat.js";

serve((element) => createApp(Chat, { button: "ui-button" }).mount(element));
