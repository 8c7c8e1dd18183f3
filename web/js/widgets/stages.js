/*
 * The three steps to a new password, and which one this is.
 * Depends on dom.js, text.js.
 */

import { h } from '../dom.js';
import { t } from '../text.js';

export function stages(now) {
    return h('ol', { class: 'stages', id: 'stages', 'aria-label': t('stages_label') },
        t('stages').split('|').map((words, i) => h('li', {
            'aria-current': i === now ? 'step' : null, class: i < now ? 'past' : null
        }, words)));
}
