/*
 * What the forms of items share: the changes to send, faults beside the
 * fields, and what somebody else saved in between.  "rows" are what
 * fieldInput() answers, "summary" an element on top of the form.
 * Depends on dom.js, hotline.js, text.js.
 */

import { fill, h } from '../dom.js';
import { t } from '../text.js';
import { hotline } from './hotline.js';

/* What is to be sent: new values by key. */
export function changes(rows) {
    return Object.fromEntries(rows.map((row) => [row.field.key, row.read()])
        .filter(([, value]) => value !== null));
}

/* Faults beside the fields and on top, where the focus goes. */
export function showFaults(summary, rows, faults) {
    rows.forEach((row) => row.fault(faults.find(({ key }) => key === row.field.key)?.words));

    fill(summary, h('div', { class: 'notice bad', role: 'alert', tabindex: '-1' },
        h('h2', {}, t('edit_errors', { n: faults.length })),
        h('ul', {}, faults.map(({ key, words }) => {
            const row = rows.find((one) => one.field.key === key);

            return h('li', {}, row
                ? h('a', {
                    href: `#${row.input.id}`,
                    onclick(event) {
                        event.preventDefault();
                        row.input.focus();
                    }
                }, words)
                : words);
        })), h('p', { class: 'notice-hotline' }, hotline())));
    summary.firstElementChild.focus();
}

/* 412: what is saved now goes beside what was typed. */
export function showConflict(summary, rows, member) {
    for (const row of rows) {
        const now = member.fields.find((field) => field.key === row.field.key);

        if (now && now.value !== row.field.value) {
            row.theirs(now);
        }
    }

    fill(summary, h('div', { class: 'notice warn', role: 'alert', tabindex: '-1' },
        h('h2', {}, t('edit_conflict')), h('p', {}, t('edit_conflict_more'))));
    summary.firstElementChild.focus();
}
