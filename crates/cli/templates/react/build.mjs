import { bundle, run } from '@playconnect/module/bundle';

await run(() => bundle({ entry: 'src/main.tsx', out: 'dist/counter.js' }));
