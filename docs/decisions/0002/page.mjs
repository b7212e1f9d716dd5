// The page of decision 0002, in two forms that hold the same modules: `shadow` has a declarative shadow root
// per slot, `scope` has the modules in the light DOM with their stylesheets wrapped in `@scope`.
// Both modules use the same ids and classes on purpose: two teams that never met.

const css = (colour) => `
.title { color: ${colour}; }
body, :root { --reached-page: ${colour}; }
.box { animation: shift 1s infinite; }
@keyframes shift { to { margin-left: ${colour === "rgb(255, 0, 0)" ? 1 : 2}px; } }
.themed { color: var(--theme-colour); }
.cover { position: fixed; inset: 0; background: ${colour}; }
`;

const body = (name, colour) =>
  `<h2 class="title" id="title">${name}</h2><p class="themed">themed</p><div class="box" id="box">box</div>` +
  `<label for="field" id="label">Field of ${name}</label><input id="field">` +
  `<div role="group" aria-labelledby="title" class="group"></div>` +
  `<svg width="20" height="20" class="drawing"><defs><linearGradient id="g"><stop stop-color="${colour}"/></linearGradient></defs>` +
  `<rect width="20" height="20" fill="url(#g)"/></svg>` +
  `<form id="playconnect" name="playconnect"><input name="state"></form>` +
  `<button class="open">open</button><dialog id="dialog"><p>Dialog of ${name}</p><button class="inside">ok</button></dialog>`;

const colours = { left: "rgb(255, 0, 0)", right: "rgb(0, 0, 255)" };

export function page(mode) {
  const slot = (name) => {
    const colour = colours[name];
    if (mode === "shadow") {
      return (
        `<pc-slot name="${name}"><template shadowrootmode="open"><link rel="stylesheet" data-pc-host href="/${name}.css">` +
        `${body(name, colour)}</template></pc-slot>`
      );
    }
    return `<pc-slot name="${name}"><style>@scope (pc-slot[name="${name}"]) {${css(colour)}}</style>${body(name, colour)}</pc-slot>`;
  };
  return (
    `<!doctype html><title>slots</title><style>:root { --theme-colour: rgb(0, 128, 0); } pc-slot { display: block; contain: style; }` +
    `h2 { text-decoration: line-through; }</style>${slot("left")}${slot("right")}<p id="page">the page's own</p>`
  );
}

export const stylesheet = (name) => css(colours[name]);
