/** React's host configuration: a commit writes to the module's shadow tree. */

import { currentEvent, slot, TextNode, type ParentNode, type TreeNode } from '@playconnect/module';
import { bodyStart } from '@playconnect/module/document';
import { createContext } from 'react';
import Reconciler, { type Fiber, type HostConfig } from 'react-reconciler';
import { ContinuousEventPriority, DefaultEventPriority, DiscreteEventPriority, NoEventPriority } from 'react-reconciler/constants';
import { childNamespace, elementNamespace, HostElement, type Props } from './element';
import { applyInitialSelection, isTextContent } from './form';
import { isContinuous, watchPortal } from './listen';
import { applyInitialProps, applyStyle, updateProps } from './props';

type Config = HostConfig<
  string,
  Props,
  ParentNode,
  HostElement,
  TextNode,
  never,
  never,
  never,
  HostElement,
  TreeNode,
  number,
  never,
  number,
  -1,
  unknown,
  null,
  never,
  never,
  never,
  never
>;

let priority: number = NoEventPriority;

/** State of a form whose action does not run. */
const notPending = { pending: false, data: null, method: null, action: null };

const unsupported = (what: string) => (): never => {
  throw new Error(`${what} is not supported in a module`);
};

const config: Config = {
  rendererPackageName: '@playconnect/react',
  rendererVersion: '0.1.0',
  extraDevToolsConfig: null,
  isPrimaryRenderer: true,
  warnsIfNotActing: false,
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,

  // Creating. Nothing of this reaches the host before the commit.
  createInstance(type, props, _root, namespace, fiber: Fiber) {
    const element = new HostElement(type, elementNamespace(type, namespace), props, fiber);
    applyInitialProps(element, props);
    return element;
  },
  createTextInstance: (text) => new TextNode(text),
  appendInitialChild: (parent, child) => void parent.appendChild(child),
  finalizeInitialChildren(element, type, props) {
    if (type === 'select') applyInitialSelection(element, props);
    return props['autoFocus'] === true;
  },
  shouldSetTextContent: isTextContent,
  getRootHostContext: () => 0,
  getChildHostContext: (namespace, type) => childNamespace(type, namespace),
  getPublicInstance: (instance) => instance,

  // Committing.
  prepareForCommit: () => null,
  resetAfterCommit() {},
  commitMount: (element) => element.focus(),
  commitUpdate(element, _type, before, props) {
    element.props = props;
    updateProps(element, before, props);
  },
  commitTextUpdate(text, _before, data) {
    text.data = data;
  },
  resetTextContent(element) {
    element.textContent = '';
  },
  appendChild: (parent, child) => void parent.appendChild(child),
  // What was put into `document.body` stays behind the app.
  appendChildToContainer: (container, child) => void container.insertBefore(child, container === slot ? bodyStart() : null),
  insertBefore: (parent, child, before) => void parent.insertBefore(child, before),
  insertInContainerBefore: (container, child, before) => void container.insertBefore(child, before),
  // React moves a node by inserting it: what it removes, it has done with.
  removeChild: (_parent, child) => child.destroy(),
  removeChildFromContainer: (_container, child) => child.destroy(),
  clearContainer(container) {
    if (container !== slot) container.clear();
  },
  detachDeletedInstance(element) {
    element.fiber = null;
  },
  preparePortalMount: watchPortal,
  hideInstance(element) {
    element.hidden = true;
    applyStyle(element, element.props);
  },
  unhideInstance(element, props) {
    element.hidden = false;
    applyStyle(element, props);
  },
  hideTextInstance(text) {
    text.data = '';
  },
  unhideTextInstance(text, data) {
    text.data = data;
  },

  // Time and priorities.
  scheduleTimeout: (run, delay) => setTimeout(run, delay) as unknown as number,
  cancelTimeout: (id) => clearTimeout(id),
  noTimeout: -1,
  supportsMicrotasks: true,
  scheduleMicrotask: (run) => queueMicrotask(() => void run()),
  setCurrentUpdatePriority(next) {
    priority = next;
  },
  getCurrentUpdatePriority: () => priority,
  resolveUpdatePriority() {
    if (priority !== NoEventPriority) return priority;
    const event = currentEvent();
    if (event === null) return DefaultEventPriority;
    return isContinuous(event.type) ? ContinuousEventPriority : DiscreteEventPriority;
  },
  resolveEventType: () => currentEvent()?.type ?? null,
  resolveEventTimeStamp: () => currentEvent()?.timeStamp ?? -1.1,
  trackSchedulerEvent() {},
  shouldAttemptEagerTransition: () => false,
  requestPostPaintCallback() {},

  // Nothing suspends a commit: there are no resources to wait for.
  maySuspendCommit: () => false,
  maySuspendCommitOnUpdate: () => false,
  maySuspendCommitInSyncRender: () => false,
  preloadInstance: () => true,
  startSuspendingCommit: () => null,
  suspendInstance() {},
  suspendOnActiveViewTransition() {},
  waitForCommitToBeReady: () => null,
  getSuspendedCommitReason: () => null,
  NotPendingTransition: notPending,
  HostTransitionContext: createContext<unknown>(notPending),
  resetFormInstance() {},

  // For tools and for experiments of React.
  bindToConsole: (method, args) => () => (console as unknown as Record<string, (...args: unknown[]) => void>)[method]?.(...args),
  getInstanceFromNode: () => null,
  beforeActiveInstanceBlur() {},
  afterActiveInstanceBlur() {},
  prepareScopeUpdate() {},
  getInstanceFromScope: () => null,
  createFragmentInstance: unsupported('a ref on a Fragment'),
  createViewTransitionInstance: unsupported('<ViewTransition>'),
};

export const reconciler = Reconciler(config);
