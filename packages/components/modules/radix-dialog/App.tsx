import * as Dialog from '@radix-ui/react-dialog';
import { useState } from 'react';
import './style.css';

export default function App() {
  const [name, setName] = useState('Pedro Duarte');
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState(0);
  return (
    <main>
      <p id="profile">{name}, saved {saved} times, {open ? 'open' : 'closed'}</p>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <button className="Button violet">Edit profile</button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="DialogOverlay" />
          <Dialog.Content className="DialogContent">
            <Dialog.Title className="DialogTitle">Edit profile</Dialog.Title>
            <Dialog.Description className="DialogDescription">Make changes to your profile here. Click save when you're done.</Dialog.Description>
            <fieldset className="Fieldset">
              <label className="Label" htmlFor="name">Name</label>
              <input className="Input" id="name" value={name} onChange={(event) => setName(event.target.value)} />
            </fieldset>
            <Dialog.Close asChild>
              <button className="Button green" onClick={() => setSaved(saved + 1)}>Save changes</button>
            </Dialog.Close>
            <Dialog.Close asChild>
              <button className="IconButton" aria-label="Close">×</button>
            </Dialog.Close>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </main>
  );
}
