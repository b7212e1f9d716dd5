import { bundle } from '@playconnect/module/bundle';

await bundle({ entry: 'menu/src/main.tsx', out: 'dist/menu.js' });
