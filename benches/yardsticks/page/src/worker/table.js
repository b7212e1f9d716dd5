import { serve } from "./common.js";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Table } from "../widgets/table.js";

serve((element, { heavy }) => createRoot(element).render(createElement(Table, { heavy })));
