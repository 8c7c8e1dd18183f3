/*
 * Start: what outlives a page.  Knows the pages' names and nothing of what
 * stands on them.
 */

import { programHidden, programShown, whenConfirmed, whenDue, whenExpired } from './utils/api.js';
import { toLogin, toPassword } from './utils/nav.js';
import { askPassword } from './utils/page.js';
import { watchPrivacy } from './utils/privacy.js';

App({
    onLaunch() {
        whenExpired(toLogin);
        whenDue(toPassword);
        whenConfirmed(askPassword);
        watchPrivacy();
    },

    onShow: programShown,
    onHide: programHidden
});
