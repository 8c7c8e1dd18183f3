/*
 * 忘记密码 and 新入会会员查询 of a site that sends no codes: who to call.
 * Never a dead end: hot line and the institutes' contacts.
 * Depends on dom.js, session.js, site.js, text.js, widgets.
 */

import { fill, h } from '../dom.js';
import { session } from '../session.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { contacts } from '../widgets/contacts.js';
import { hotline } from '../widgets/hotline.js';

function draw(root, title, lead) {
    fill(root, h('div', { class: 'narrow' },
        h('h1', { tabindex: '-1' }, t(title)),
        h('section', { class: 'card' },
            h('p', {}, t(lead)), h('p', { class: 'big-hotline' }, hotline()),
            h('p', { class: 'aside' }, t('help_prepare')),
            h('p', {}, h('a', { class: 'button quiet', href: '#/institute-code' },
                t('have_institute_code')))),
        h('section', { class: 'card' },
            h('h2', {}, t('help_institutes')), contacts(site().institutes)),
        session() ? null
            : h('p', {}, h('a', { class: 'button quiet', href: '#/login' }, t('help_login')))));
}

export async function helpPage(root) {
    draw(root, 'forgot', 'help_forgot_lead');
}

export async function newcomerPage(root) {
    draw(root, 'newcomer', 'help_newcomer_lead');
}
