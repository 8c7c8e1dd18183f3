/*
 * The switch that decides whether the check page shows the member's photo
 * to whoever scans the certificate.  Saved at once.
 * Depends on api.js, dom.js, text.js, problem.js.
 */

import { giveConsent } from '../api.js';
import { fill, h } from '../dom.js';
import { t } from '../text.js';
import { notice, promptProblem } from './problem.js';

const DOCUMENT = 'verify_photo';
const VERSION = '1';

/* "on" is what the service has: true, false, or null for never asked. */
export function verifyPhoto(on) {
    const said = h('div', { class: 'said', 'aria-live': 'polite' });
    const box = h('input', {
        type: 'checkbox', role: 'switch', id: 'verify-photo', checked: on === true,
        'aria-describedby': 'verify-photo-hint', onchange: save
    });

    async function save() {
        const wanted = box.checked;

        fill(said);
        box.disabled = true;

        try {
            await giveConsent(DOCUMENT, VERSION, wanted);
            fill(said, notice('good', h('p', {}, t(wanted ? 'verify_photo_on' : 'verify_photo_off'))));
        } catch (problem) {
            box.checked = !wanted;
            await promptProblem(problem);
        } finally {
            box.disabled = false;
            box.focus();
        }
    }

    return h('div', { class: 'verify-photo' },
        h('label', { class: 'check', for: 'verify-photo' }, box, h('span', {}, t('verify_photo'))),
        h('p', { class: 'hint', id: 'verify-photo-hint' }, t('verify_photo_hint')), said);
}
