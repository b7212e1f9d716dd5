import { bundle, run } from '@playconnect/module/bundle';

await run(() => bundle({ entry: 'src/main.js', out: 'dist/rows.js' }));
