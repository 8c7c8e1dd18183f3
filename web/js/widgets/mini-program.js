/*
 * 1.1-1 the mini program: its name as text, and the code that opens it (S04).
 * Nothing where the institute has none, the name alone where it set no code.
 * Depends on api.js, dom.js, site.js, text.js.
 */

import { BASE } from '../api.js';
import { h } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';

export function miniProgram() {
    const program = site().mini_program;

    if (!program) {
        return null;
    }

    const { name, qr } = program;

    /* the name first: nobody scans the screen of the phone in the hand */
    return h('figure', { class: 'mini' },
        h('figcaption', {},
            h('p', { class: 'aside' }, t('mini_program')),
            h('p', { class: 'mini-name' }, name),
            h('p', { class: 'aside' }, t(qr ? 'mini_open' : 'mini_search'))),
        qr && h('img', { src: BASE + qr, alt: t('mini_qr', { name }), width: 112, height: 112 }));
}
