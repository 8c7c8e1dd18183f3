/*
 * For pages that are plain HTML (privacy notice, not found): the institute's
 * name, hot line and footer lines as the service has them.
 */

import { drawFooter } from './frame.js';
import { loadSite, site } from './site.js';

if ((await loadSite()).answered) {
    for (const place of document.querySelectorAll('[data-issuer]')) {
        place.textContent = site().issuer;
    }

    drawFooter();
}
