/**
 * Handlers run at the edge, after the browser has gone on, so what they prevent
 * is declared on the element (`pc-prevent-default`). Where the source says it
 * plainly, the declaration is written here:
 *
 * - `on:click|preventDefault={…}` and `onclick={preventDefault(…)}`,
 * - a handler that calls `event.preventDefault()` whatever happens,
 * - one that does so for keys: `if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); … }`.
 *
 * What is not plain stays as it is; the platform says at run time how to declare it.
 */

import { eventType } from './check.mjs';
import { walk } from './walk.mjs';

/** The component's source with the declarations. `tree`: of `parse(source, { modern: true })`. */
export function declarePrevented(tree, source) {
  const functions = functionsOf(tree.instance);
  const legacy = namesFrom(tree, 'svelte/legacy');
  const insertions = [];
  walk(tree.fragment, (node) => {
    if (node.type !== 'RegularElement' && node.type !== 'SvelteElement') return;
    if (node.attributes.some((attribute) => attribute.type === 'Attribute' && attribute.name === 'pc-prevent-default')) return;
    const words = node.attributes.flatMap((attribute) => {
      const type = eventType(attribute);
      const keys = type === null ? null : prevented(attribute, functions, legacy);
      if (keys === null) return [];
      return keys === true ? [type] : [`${type}:${keys.join(',')}`];
    });
    // Two handlers for one type: both are heard, so both prevent.
    if (words.length > 0) insertions.push({ at: node.attributes.at(-1).end, text: ` pc-prevent-default="${words.join(' ')}"` });
  });
  let declared = source;
  for (const { at, text } of insertions.sort((a, b) => b.at - a.at)) declared = declared.slice(0, at) + text + declared.slice(at);
  return declared;
}

/** True: always; words for keys; null: nothing is declared. */
function prevented(attribute, functions, legacy) {
  if (attribute.type === 'OnDirective') {
    if (attribute.modifiers.includes('preventDefault')) return true;
    return byFunction(attribute.expression, functions);
  }
  const value = Array.isArray(attribute.value) ? attribute.value[0] : attribute.value;
  let expression = value?.expression;
  while (expression?.type === 'CallExpression' && legacy.has(expression.callee.name)) {
    if (legacy.get(expression.callee.name) === 'preventDefault') return true;
    expression = expression.arguments[0];
  }
  return byFunction(expression, functions);
}

function byFunction(expression, functions) {
  const handler = expression?.type === 'Identifier' ? functions.get(expression.name) : expression;
  if (!/^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(handler?.type)) return null;
  const event = handler.params[0];
  if (event?.type !== 'Identifier') return null;
  const statements = handler.body.type === 'BlockStatement' ? handler.body.body : [{ type: 'ExpressionStatement', expression: handler.body }];
  const keys = [];
  for (const statement of statements) {
    if (prevents(statement, event.name)) return true;
    if (statement.type === 'IfStatement') {
      // Each branch for itself; what comes behind it may not be reached.
      for (let branch = statement; branch?.type === 'IfStatement'; branch = branch.alternate) {
        if (!statementsOf(branch.consequent).some((inner) => prevents(inner, event.name))) continue;
        const words = keyWords(branch.test, event.name);
        if (words === null) return keys.length > 0 ? keys : null;
        keys.push(...words);
      }
      if (leaves(statement)) break;
    } else if (statement.type !== 'ExpressionStatement' && statement.type !== 'VariableDeclaration') break;
  }
  return keys.length > 0 ? keys : null;
}

/** `event.preventDefault()` as a statement. */
function prevents(statement, event) {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return false;
  const { callee } = statement.expression;
  return callee.type === 'MemberExpression' && isName(callee.object, event) && isName(callee.property, 'preventDefault');
}

const modifiers = { shiftKey: 'Shift', ctrlKey: 'Control', altKey: 'Alt', metaKey: 'Meta' };

/** A test of keys as words of `KeyboardEvent.key` with `+Modifier` and `-Modifier`; null: it asks for something else, too. */
function keyWords(test, event) {
  if (test.type === 'LogicalExpression' && test.operator === '||') {
    const [left, right] = [keyWords(test.left, event), keyWords(test.right, event)];
    return left === null || right === null ? null : [...left, ...right];
  }
  const parts = conjuncts(test);
  let keys = null;
  let signs = '';
  for (const part of parts) {
    const negated = part.type === 'UnaryExpression' && part.operator === '!';
    const flag = memberOf(negated ? part.argument : part, event);
    if (flag !== null && flag in modifiers) {
      signs += (negated ? '-' : '+') + modifiers[flag];
      continue;
    }
    const found = keyNames(part, event);
    if (found === null || keys !== null) return null;
    keys = found;
  }
  return keys === null ? null : keys.map((key) => key + signs);
}

/** `event.key === 'Enter'`, or several of them with `||`. */
function keyNames(part, event) {
  if (part.type === 'LogicalExpression' && part.operator === '||') {
    const [left, right] = [keyNames(part.left, event), keyNames(part.right, event)];
    return left === null || right === null ? null : [...left, ...right];
  }
  if (part.type !== 'BinaryExpression' || (part.operator !== '===' && part.operator !== '==')) return null;
  const [name, literal] = memberOf(part.left, event) === 'key' ? ['key', part.right] : [memberOf(part.right, event), part.left];
  if (name !== 'key' || literal.type !== 'Literal' || typeof literal.value !== 'string') return null;
  const key = literal.value === ' ' ? 'Space' : literal.value;
  // What the declaration's own grammar uses.
  return /^[^\s,"]+$/.test(key) ? [key] : null;
}

function conjuncts(test) {
  return test.type === 'LogicalExpression' && test.operator === '&&' ? [...conjuncts(test.left), ...conjuncts(test.right)] : [test];
}

function memberOf(node, object) {
  return node.type === 'MemberExpression' && !node.computed && isName(node.object, object) ? node.property.name : null;
}

function statementsOf(statement) {
  return statement.type === 'BlockStatement' ? statement.body : [statement];
}

/** Whether a handler may end in here. */
function leaves(statement) {
  let found = false;
  walk(statement, ({ type }) => (found ||= type === 'ReturnStatement' || type === 'ThrowStatement'));
  return found;
}

function isName(node, name) {
  return node?.type === 'Identifier' && node.name === name;
}

/** The component's own functions by name. */
function functionsOf(script) {
  const functions = new Map();
  for (const statement of script?.content.body ?? []) {
    if (statement.type === 'FunctionDeclaration') functions.set(statement.id.name, statement);
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') continue;
    for (const { id, init } of statement.declarations) if (id.type === 'Identifier' && init) functions.set(id.name, init);
  }
  return functions;
}

/** Local names of what is imported from `module`. */
function namesFrom(tree, module) {
  const names = new Map();
  for (const script of [tree.instance, tree.module]) {
    for (const statement of script?.content.body ?? []) {
      if (statement.type !== 'ImportDeclaration' || statement.source.value !== module) continue;
      for (const { imported, local } of statement.specifiers) if (imported) names.set(local.name, imported.name);
    }
  }
  return names;
}
