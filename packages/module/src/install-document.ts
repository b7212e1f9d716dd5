/** For bundles, which inject it: what an injected file exports would take the place of globals of that name. */

import './install';
import './document';
