/*
 * The shortcuts, shown on the page that has them, and their switch.
 * Depends on keys.js, the site's dom.js, text.js.
 */

import { h, id } from '/js/dom.js';
import { t } from '/js/text.js';
import { keysOn, switchKeys } from '../keys.js';

const ROWS = [
    [['A'], 'key_approve'], [['R'], 'key_reject'], [['1', '–', '9'], 'key_reason'],
    [['J'], 'key_next'], [['K'], 'key_previous'], [['C'], 'key_switch'], [['M'], 'key_member'],
    [['G'], 'key_refresh'], [['/'], 'key_search'], [['Esc'], 'key_back']
];

const key = (name) => (name === '–' ? '–' : h('kbd', {}, name));

export function legend() {
    const box = h('input', {
        type: 'checkbox', id: id('keys'), onchange: () => switchKeys(box.checked)
    });

    box.checked = keysOn();

    return h('section', { class: 'legend', 'aria-label': t('keys') },
        h('dl', {}, ROWS.map(([names, words]) => h('div', {},
            h('dt', {}, names.map(key)), h('dd', {}, t(words))))),
        h('label', { class: 'check small', for: box.id }, box, h('span', {}, t('keys_on'))));
}
