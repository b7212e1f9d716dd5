import { onMount } from "@playconnect/module";
import { mount } from "@playconnect/svelte";
import { load } from "../load.js";
import { drive } from "../widgets/progress.js";
import Progress from "../widgets/Progress.svelte";

const api = {};
mount(Progress, { props: { api } });
// A module's clock stands still within a turn: the hog does a number of passes instead.
onMount(() => drive(api, { hogPasses: load(location.search).hogPasses }));
