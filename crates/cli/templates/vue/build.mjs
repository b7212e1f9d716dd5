import { bundle, report } from '@playconnect/module/bundle';

await bundle({ entry: 'src/main.ts', out: 'dist/counter.js' }).catch(report);
