import { serve } from "./common.js";
import { mount } from "svelte";
import { drive } from "../widgets/progress.js";
import Progress from "../widgets/ProgressRemote.svelte";

serve((target, { hog }) => {
  const api = {};
  mount(Progress, { target, props: { api } });
  drive(api, { hog });
});
