// How the client is bundled; the tests bundle it so, too.

/** Fields that only our own objects have: no DOM, no JSON and nobody else's code knows these names. */
const OWN_FIELDS =
  /^(acknowledged|answers|bits|connection|count|cursor|dark|environment|events|failed|floats|flags|fresh|handle|how|isText|kind|levels|listen|local|locale|machine|make|marked|marks|modifiers|more|namespace|node|number|parts|poll|pollTimeout|raise|raiseContinuous|reason|reducedMotion|refused|reloaded|resume|resyncs|root|say|sequence|stream|strings|surplus|unlisted|unlisten|unlistenAll|visible|words)$/;

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
