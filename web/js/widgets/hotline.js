/*
 * The hot line and the institutes' numbers, tappable.
 * Depends on dom.js, site.js, text.js, phone.js.
 */

import { h } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { phone } from './phone.js';

export function hotline() {
    return h('span', { class: 'hotline' }, t('hotline'), phone(site().hotline));
}

/* A text of the service in which each phone number can be tapped. */
export function withPhones(text) {
    return text.split(/(\d{3,4}-\d{7,8}(?:\/\d{2,8})*)/)
        .map((part, i) => (i % 2 ? phone(part) : part));
}

/* 浙江省注册会计师协会 会员服务部 0571-88250337 */
export function instituteLine(institute, name) {
    return h('span', { class: 'contact' }, `${name} ${institute.contact || ''} `,
        institute.phone ? phone(institute.phone) : null);
}
