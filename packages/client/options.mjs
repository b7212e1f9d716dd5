// How the client is bundled; the tests bundle it so, too.

/** Fields that only our own objects have: no DOM, no JSON and nobody else's code knows these names. */
const OWN_FIELDS =
  /^(acknowledged|anew|bits|cursor|fresh|levels|marked|marks|modifiers|parts|pollTimeout|raiseContinuous|reloaded|resyncs|surplus|unlisted)$/;

export const options = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  write: false,
  legalComments: "none",
  mangleProps: OWN_FIELDS,
  logLevel: "warning",
};
