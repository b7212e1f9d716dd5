// A module that forgot to show anything: its `init` refuses.
import "@playconnect/module";
