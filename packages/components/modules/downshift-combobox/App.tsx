import { useCombobox } from 'downshift';
import { useState } from 'react';

const books = [
  { id: 'book-1', author: 'Harper Lee', title: 'To Kill a Mockingbird' },
  { id: 'book-2', author: 'Lev Tolstoy', title: 'War and Peace' },
  { id: 'book-3', author: 'Fyodor Dostoyevsky', title: 'The Idiot' },
  { id: 'book-4', author: 'Oscar Wilde', title: 'A Picture of Dorian Gray' },
  { id: 'book-5', author: 'George Orwell', title: '1984' },
  { id: 'book-6', author: 'Jane Austen', title: 'Pride and Prejudice' },
];

type Book = (typeof books)[number];

function booksFilter(inputValue: string) {
  const lowerCased = inputValue.toLowerCase();
  return (book: Book) => !inputValue || book.title.toLowerCase().includes(lowerCased) || book.author.toLowerCase().includes(lowerCased);
}

export default function ComboBox() {
  const [items, setItems] = useState(books);
  const { isOpen, getToggleButtonProps, getLabelProps, getMenuProps, getInputProps, highlightedIndex, getItemProps, selectedItem } = useCombobox<Book>({
    onInputValueChange({ inputValue }) {
      setItems(books.filter(booksFilter(inputValue)));
    },
    items,
    itemToString: (item) => (item ? item.title : ''),
  });
  return (
    <div>
      <label {...getLabelProps()}>Choose your favorite book:</label>
      <div>
        <input placeholder="Best book ever" {...getInputProps()} listen={{ onKeyDown: { preventDefault: 'ArrowDown ArrowUp Enter' } }} />
        <button aria-label="toggle menu" type="button" {...getToggleButtonProps()}>{isOpen ? '↑' : '↓'}</button>
      </div>
      <ul {...getMenuProps()}>
        {isOpen &&
          items.map((item, index) => (
            <li
              key={item.id}
              style={{ background: highlightedIndex === index ? 'lightblue' : undefined, fontWeight: selectedItem === item ? 'bold' : undefined }}
              {...getItemProps({ item, index })}
            >
              <span>{item.title}</span> <small>{item.author}</small>
            </li>
          ))}
      </ul>
      <p id="chosen">{selectedItem ? selectedItem.author : 'nobody'}</p>
    </div>
  );
}
