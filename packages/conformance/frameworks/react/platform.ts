export { slot as root } from '@playconnect/module';
export { createPortal, flushSync } from '@playconnect/react';
