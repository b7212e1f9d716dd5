import { useState } from 'react';
import { create } from 'zustand';
import { persist, subscribeWithSelector } from 'zustand/middleware';

interface Todo { id: number; text: string; done: boolean }
interface Store {
  todos: Todo[];
  filter: 'all' | 'open' | 'done';
  add(text: string): void;
  toggle(id: number): void;
  remove(id: number): void;
  setFilter(filter: Store['filter']): void;
}

const memory = new Map<string, string>();
const useStore = create<Store>()(
  subscribeWithSelector(
    persist(
      (set) => ({
        todos: [],
        filter: 'all',
        add: (text) => set(({ todos }) => ({ todos: [...todos, { id: (todos.at(-1)?.id ?? 0) + 1, text, done: false }] })),
        toggle: (id) => set(({ todos }) => ({ todos: todos.map((todo) => (todo.id === id ? { ...todo, done: !todo.done } : todo)) })),
        remove: (id) => set(({ todos }) => ({ todos: todos.filter((todo) => todo.id !== id) })),
        setFilter: (filter) => set({ filter }),
      }),
      // A module's memory is the session's: there is no localStorage.
      { name: 'todos', storage: { getItem: (name) => JSON.parse(memory.get(name) ?? 'null'), setItem: (name, value) => void memory.set(name, JSON.stringify(value)), removeItem: (name) => void memory.delete(name) } },
    ),
  ),
);

function Left() {
  const left = useStore(({ todos }) => todos.filter(({ done }) => !done).length);
  return <p id="left">{left} left</p>;
}

export default function App() {
  const [text, setText] = useState('');
  const { todos, filter, add, toggle, remove, setFilter } = useStore();
  const shown = todos.filter(({ done }) => filter === 'all' || done === (filter === 'done'));
  return (
    <main>
      <form onSubmit={() => { add(text); setText(''); }}>
        <input placeholder="What is to be done?" value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      <ul>
        {shown.map(({ id, text, done }) => (
          <li key={id}>
            <label><input type="checkbox" checked={done} onChange={() => toggle(id)} />{text}</label>
            <button onClick={() => remove(id)}>remove {text}</button>
          </li>
        ))}
      </ul>
      {(['all', 'open', 'done'] as const).map((name) => (
        <button key={name} aria-pressed={filter === name} onClick={() => setFilter(name)}>{name}</button>
      ))}
      <Left />
    </main>
  );
}
