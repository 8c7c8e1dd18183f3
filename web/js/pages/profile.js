/*
 * 2.3-2 the member's data, read-only: * on required items, missing ones
 * marked, what only the institute changes with its contact (S36-S38).
 * Depends on api.js, dom.js, text.js, widgets.
 */

import { getMember } from '../api.js';
import { fill, h } from '../dom.js';
import { show } from '../router.js';
import { label, pick, showDate, t } from '../text.js';
import { groupOf, instituteOnly, missingNames, star } from '../widgets/member.js';
import { failPage, notice } from '../widgets/problem.js';

function shown(field) {
    const value = showDate(pick(field, 'value'));

    if (value) {
        return value;
    }

    return field.missing
        ? h('strong', { class: 'missing' }, t('missing'))
        : h('span', { class: 'aside' }, t('empty'));
}

function item(field, member) {
    return h('div', { class: field.missing ? 'pair pair-missing' : 'pair' },
        h('dt', {}, label(field), star(field)),
        h('dd', {}, shown(field),
            field.missing && !field.editable ? instituteOnly(member) : null));
}

function group(member, editable) {
    const fields = member.fields.filter((field) => field.editable === editable);

    return fields.length
        ? groupOf(member, editable,
            h('dl', { class: 'pairs' }, fields.map((field) => item(field, member))))
        : null;
}

function draw(root, member) {
    const missing = missingNames(member);

    fill(root,
        h('div', { class: 'page-head' },
            h('h1', { tabindex: '-1' }, t('profile')),
            h('p', { class: 'aside' }, t('required_note'))),
        missing.length
            ? notice('warn', h('p', {},
                t('incomplete_note', { items: missing.join(t('comma')) })))
            : null,
        group(member, false), group(member, true),
        h('div', { class: 'buttons' },
            h('a', { class: 'button main', href: '#/edit' }, t('modify')),
            h('a', { class: 'button quiet', href: '#/certificate' }, t('certificate'))));
}

export async function profilePage(root, signal) {
    try {
        const member = await getMember(signal);

        if (!signal.aborted) {
            draw(root, member);
        }
    } catch (problem) {
        failPage(root, signal, problem, show);
    }
}
