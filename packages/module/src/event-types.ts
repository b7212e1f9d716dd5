/** The types of events that a page sends: `events` of `protocol/allow.json`. Others are a module's own. */

const types = new Set(
  (
    'abort animationcancel animationend animationiteration animationstart auxclick beforeinput beforetoggle blur cancel ' +
    'canplay canplaythrough change click close compositionend compositionstart compositionupdate contextmenu copy cut ' +
    'dblclick drag dragend dragenter dragleave dragover dragstart drop durationchange emptied ended error focus focusin ' +
    'focusout gotpointercapture input invalid keydown keypress keyup load loadeddata loadedmetadata loadstart ' +
    'lostpointercapture mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup paste pause play playing ' +
    'pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerup progress ratechange ' +
    'reset resize scroll scrollend seeked seeking select selectionchange selectstart stalled submit suspend timeupdate ' +
    'toggle touchcancel touchend touchmove touchstart transitioncancel transitionend transitionrun transitionstart ' +
    'volumechange waiting wheel'
  ).split(' '),
);

export function isPageEvent(type: string): boolean {
  return types.has(type);
}

export const pageEvents: ReadonlySet<string> = types;
