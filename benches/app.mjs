// Builds an app that no other command builds.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { binary, root } from "../tests/e2e/harness.mjs";

/** `playconnect build` of the folder. */
export const buildApp = (folder) => promisify(execFile)(binary, ["build", folder], { cwd: root });
