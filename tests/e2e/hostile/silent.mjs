// A module that forgot to show anything: it does not build.
import "@playconnect/module";
