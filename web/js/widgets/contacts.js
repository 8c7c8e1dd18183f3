/*
 * Whom to call at the institutes, as a table (S02, X03).
 * Depends on dom.js, phone.js, problem.js, text.js.
 */

import { h } from '../dom.js';
import { pick, t } from '../text.js';
import { phone } from './phone.js';
import { notice } from './problem.js';

function line(institute) {
    return h('tr', {}, h('th', { scope: 'row' }, pick(institute, 'name')),
        h('td', {}, institute.contact), h('td', {}, phone(institute.phone || '')));
}

export function contacts(institutes) {
    if (!institutes?.length) {
        return notice('warn', h('p', {}, t('help_none')));
    }

    return h('table', { class: 'contacts' }, h('thead', {}, h('tr', {},
        ['institute', 'contact', 'phone'].map((key) => h('th', { scope: 'col' }, t(key))))),
    h('tbody', {}, institutes.map(line)));
}
