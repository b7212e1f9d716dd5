// The scenarios with dioxus-web. It is run by the glue of wasm-bindgen.
import { initSync } from 'dioxus-oracle';
import wasm from 'dioxus-oracle.wasm';

// dioxus-web notes its number of an element in the attribute `data-dioxus-id`, to find it again by an event. Here the
// note stands beside the element: what is compared are the app's attributes.
const NOTE = 'data-dioxus-id';
const notes = new WeakMap<Element, string>();
const { getAttribute, setAttribute, removeAttribute } = Element.prototype;
Element.prototype.getAttribute = function (name) {
  return name === NOTE ? (notes.get(this) ?? null) : getAttribute.call(this, name);
};
Element.prototype.setAttribute = function (name, value) {
  if (name === NOTE) notes.set(this, value);
  else setAttribute.call(this, name, value);
};
Element.prototype.removeAttribute = function (name) {
  if (name === NOTE) notes.delete(this);
  else removeAttribute.call(this, name);
};

initSync({ module: wasm });
