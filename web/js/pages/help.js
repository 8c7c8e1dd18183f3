/*
 * 忘记密码 and 新入会会员查询: until they have flows of their own, who to
 * call.  Never a dead end: hot line and the institutes' contacts.
 * Depends on dom.js, session.js, site.js, text.js, widgets.
 */

import { fill, h } from '../dom.js';
import { session } from '../session.js';
import { site } from '../site.js';
import { pick, t } from '../text.js';
import { hotline, phone } from '../widgets/hotline.js';
import { notice } from '../widgets/problem.js';

function line(institute) {
    return h('tr', {}, h('th', { scope: 'row' }, pick(institute, 'name')),
        h('td', {}, institute.contact), h('td', {}, phone(institute.phone || '')));
}

function contacts(institutes) {
    if (!institutes?.length) {
        return notice('warn', h('p', {}, t('help_none')));
    }

    return h('table', { class: 'contacts' }, h('thead', {}, h('tr', {},
        ['institute', 'contact', 'phone'].map((key) => h('th', { scope: 'col' }, t(key))))),
    h('tbody', {}, institutes.map(line)));
}

function draw(root, title, lead) {
    fill(root, h('div', { class: 'narrow' },
        h('h1', { tabindex: '-1' }, t(title)),
        h('section', { class: 'card' },
            h('p', {}, t(lead)), h('p', { class: 'big-hotline' }, hotline()),
            h('p', { class: 'aside' }, t('help_prepare'))),
        h('section', { class: 'card' },
            h('h2', {}, t('help_institutes')), contacts(site().institutes)),
        session() ? null
            : h('p', {}, h('a', { class: 'button quiet', href: '#/login' }, t('help_login')))));
}

export async function helpPage(root) {
    draw(root, 'help_forgot', 'help_forgot_lead');
}

export async function newcomerPage(root) {
    draw(root, 'newcomer', 'help_newcomer_lead');
}
