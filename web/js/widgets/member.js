/*
 * Parts of the detail and edit pages: the star of a required item, the
 * institute's contact, the two groups of items.
 * Depends on dom.js, hotline.js, text.js.
 */

import { h } from '../dom.js';
import { label, pick, t } from '../text.js';
import { instituteLine } from './hotline.js';

export function star(field) {
    return field.required
        ? [h('span', { class: 'star', 'aria-hidden': 'true' }, '*'),
            h('span', { class: 'unseen' }, `（${t('required')}）`)]
        : null;
}

/* The contact as one line of the page. */
export function contactOf(member) {
    return instituteLine(member.institute, pick(member.institute, 'name'));
}

export function instituteOnly(member) {
    const [before, behind] = t('institute_only').split('{contact}');

    return h('span', { class: 'institute-only' }, before, contactOf(member), behind);
}

export const missingFields = (member) => member.fields.filter((field) => field.missing);

export const missingNames = (member) => missingFields(member).map(label);

/* One of the two groups: what the institute changes, what the member does. */
export function groupOf(member, editable, content) {
    const key = editable ? 'group_member' : 'group_institute';

    return h('section', { class: 'card group' },
        h('h2', {}, t(key)),
        h('p', { class: 'aside' }, t(`${key}_note`),
            editable ? null : [t('colon'), contactOf(member)]),
        content);
}
