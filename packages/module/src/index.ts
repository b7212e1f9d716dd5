/// <reference path="../assets.d.ts" />
/**
 * `@playconnect/module`: the platform that a module runs on, for framework
 * adapters and for modules without a framework. Importing it installs the
 * globals.
 */

import './install';
import './guest';

export { currentEvent, explainPreventDefault, ModuleEvent, onEvent } from './event';
export { isPageEvent, pageEvents } from './event-types';
export type { DateOptions, Environment, Guest, Input, Natives, NumberOptions, Outcome, Start } from './glue';
export { currentModule, fail, isRunning, onMount, type Module } from './guest';
export { knownNodeCount } from './known';
export type { Listener, ListenOptions } from './listeners';
export { Namespace, type CommandName } from './ops';
export { environment, pageOrigin } from './platform/environment';
export { Event } from './platform/event-target';
export { FormData } from './platform/form-data';
export { OuterTarget, outerTargets } from './propagate';
export { attributeName, booleanAttributes, propertyType } from './properties';
export { hyphenated, Style, styleText, type StyleDeclaration, type StyleValue } from './style';
export {
  closest,
  CommentNode,
  createComment,
  createElement,
  createText,
  ElementNode,
  focusedElement,
  FragmentNode,
  isToggle,
  optionText,
  ParentNode,
  radioGroup,
  slot,
  SlotNode,
  TextNode,
  TreeNode,
  walk,
} from './tree';
