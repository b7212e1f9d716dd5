import { AnimatePresence, motion, useMotionValue, useTransform } from 'motion/react';
import { useState } from 'react';

export default function App() {
  const [visible, setVisible] = useState(true);
  const [rotate, setRotate] = useState(0);
  const [items, setItems] = useState([1, 2, 3]);
  const [log, setLog] = useState('');
  const [taps, setTaps] = useState(0);
  const x = useMotionValue(0);
  const opacity = useTransform(x, [0, 100], [1, 0.2]);
  return (
    <main>
      <button onClick={() => setVisible(!visible)}>toggle</button>
      <button onClick={() => setRotate(rotate + 90)}>turn</button>
      <button onClick={() => setItems([...items, (items.at(-1) ?? 0) + 1])}>add</button>
      <button onClick={() => setItems(items.slice(1))}>take</button>
      <button onClick={() => x.set(x.get() === 0 ? 100 : 0)}>move</button>
      <AnimatePresence initial={false}>
        {visible && <motion.div key="box" id="box" initial={{ opacity: 0, scale: 0 }} animate={{ opacity: 1, scale: 1 }} exit={{ opacity: 0, scale: 0 }} transition={{ duration: 0.2 }} />}
      </AnimatePresence>
      <motion.div id="wheel" animate={{ rotate }} transition={{ type: 'spring', stiffness: 400, damping: 30 }} onAnimationComplete={() => setLog('turned')}>wheel</motion.div>
      <motion.div id="slider" style={{ x, opacity }}>slider</motion.div>
      <ul>
        <AnimatePresence>
          {items.map((item) => (
            <motion.li key={item} initial={{ height: 0, opacity: 0 }} animate={{ height: 30, opacity: 1 }} exit={{ height: 0, opacity: 0 }} transition={{ duration: 0.15 }}>{`item ${item}`}</motion.li>
          ))}
        </AnimatePresence>
      </ul>
      <motion.button id="press" whileHover={{ scale: 1.2 }} whileTap={{ scale: 0.8 }} onTap={() => setTaps(taps + 1)} transition={{ duration: 0.1 }}>pressed {taps} times</motion.button>
      <p id="log">{log}</p>
    </main>
  );
}
