export { createPortal, flushSync } from 'react-dom';
export const root = document.body;
