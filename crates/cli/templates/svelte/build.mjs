import { bundle, run } from '@playconnect/module/bundle';

await run(() => bundle({ entry: 'src/main.ts', out: 'dist/counter.js' }));
