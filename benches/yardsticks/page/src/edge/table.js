import { mount } from "@playconnect/react";
import { createElement } from "react";
import { load } from "../load.js";
import { Table } from "../widgets/table.js";

const Loaded = () => createElement(Table, { heavy: load(location.search).heavy });
mount(createElement(Loaded));
