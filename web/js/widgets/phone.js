/*
 * Phone numbers that can be tapped.  "010-88250337/0338" is two numbers: what
 * follows a slash replaces the end of the number before it.
 * Depends on dom.js.
 */

import { h } from '../dom.js';

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
