// The widgets with their frameworks' own renderers.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { mount } from "svelte";
import { createApp } from "vue";
import { Chat } from "../widgets/chat.js";
import { drive } from "../widgets/progress.js";
import Progress from "../widgets/Progress.svelte";
import { Table } from "../widgets/table.js";

export const widgets = {
  table: (target, { heavy }) => createRoot(target).render(createElement(Table, { heavy })),
  chat: (target) => createApp(Chat).mount(target),
  progress: (target, { hog }) => {
    const api = {};
    mount(Progress, { target, props: { api } });
    drive(api, { hog });
  },
};
