import { bundle, report } from '@playconnect/module/bundle';

await bundle({ entry: 'src/main.js', out: 'dist/rows.js' }).catch(report);
