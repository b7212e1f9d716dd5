import { bundle, report } from '@playconnect/module/bundle';

await bundle({ entry: 'src/main.tsx', out: 'dist/counter.js' }).catch(report);
