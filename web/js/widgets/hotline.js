/*
 * The hot line, tappable.  "010-88250337/0338" is two numbers: what follows
 * a slash replaces the end of the number before it.
 * Depends on dom.js, site.js, text.js.
 */

import { h } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';

function numbers(text) {
    let last = '';

    return text.split(/[/、／]/).map((part) => {
        const digits = part.replace(/[^\d+]/g, '');

        last = digits.length < last.length && digits.length <= 4
            ? last.slice(0, -digits.length) + digits : digits;

        return { shown: part, digits: last };
    });
}

/* The numbers of a text as links, with the text around them kept. */
export function phone(text) {
    return numbers(text).flatMap(({ shown, digits }, i) => [
        i > 0 ? '/' : '',
        digits ? h('a', { class: 'tel', href: `tel:${digits}` }, shown) : shown
    ]);
}

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
