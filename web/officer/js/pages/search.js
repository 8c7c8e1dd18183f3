/*
 * Members of the own institute by the start of a number or name (I11).
 * Depends on api.js, desk.js, keys.js, widgets, the site's dom.js,
 * router.js, session.js, text.js, widgets.
 */

import { fill, h, id } from '/js/dom.js';
import { go } from '/js/router.js';
import { session } from '/js/session.js';
import { label, t } from '/js/text.js';
import { listOf, notice } from '/js/widgets/problem.js';
import { search } from '../api.js';
import { desk } from '../desk.js';
import { listenKeys } from '../keys.js';
import { stateWord, typeWord } from '../widgets/words.js';

function open(one) {
    desk().member = one;
    desk().from = 'search';
    go('member');
}

function row(one) {
    const cell = (...content) => h('td', {}, content);

    return h('tr', {},
        h('th', { scope: 'row' }, h('button', {
            type: 'button', class: 'plain row-link', onclick: () => open(one)
        }, one.name)),
        cell(h('span', { class: 'number' }, one.member_no)),
        cell(typeWord(one.user_type)),
        session().all ? cell(one.institute) : null,
        cell(h('span', { class: `state state-${one.status.code}` }, label(one.status))),
        cell(h('span', { class: `state case-${one.state}` }, stateWord(one.state))),
        cell(one.attempts));
}

function table({ items, more }) {
    if (!items.length) {
        return notice('info', h('p', {}, t('search_none')));
    }

    const heads = ['col_name', 'col_no', 'user_type', session().all ? 'institute' : null,
        'col_status', 'col_photo', 'col_attempts'].filter(Boolean);

    return [
        h('p', { class: 'aside', role: 'status' },
            t(more ? 'search_more' : 'search_found', { n: items.length })),
        h('div', { class: 'card table-card' }, h('table', { class: 'found' },
            h('thead', {}, h('tr', {}, heads.map((key) => h('th', { scope: 'col' }, t(key))))),
            h('tbody', {}, items.map(row))))
    ];
}

export async function searchPage(root, signal) {
    const result = h('div', { class: 'result', 'aria-live': 'polite' });
    const hint = h('p', { class: 'hint', id: id('hint') }, t('search_hint'));
    const input = h('input', {
        id: id('search'), name: 'text', type: 'search', autocomplete: 'off', spellcheck: 'false',
        maxlength: 64, value: desk().text, 'aria-describedby': hint.id
    });

    async function find(event) {
        event.preventDefault();
        desk().text = input.value.trim();
        desk().list = null;

        try {
            const list = await search(desk().text);

            if (!signal.aborted) {
                desk().list = list;
                fill(result, table(list));
                result.querySelector('.row-link')?.focus();
            }
        } catch (problem) {
            if (problem.code !== 'session_expired' && !signal.aborted) {
                fill(result, notice('bad', listOf(problem.errors)));
            }
        }
    }

    fill(root,
        h('div', { class: 'page-head' }, h('h1', { tabindex: '-1' }, t('search'))),
        h('form', { class: 'card search-form', role: 'search', novalidate: true, onsubmit: find },
            h('label', { for: input.id }, t('search_label')),
            h('div', { class: 'words-row' }, input,
                h('button', { type: 'submit', class: 'button main' }, t('search_go'))), hint),
        desk().list ? fill(result, table(desk().list)) : result);
    listenKeys(signal, {
        '/': () => input.select(),
        Escape: () => (document.activeElement === input ? input.blur() : go('queue'))
    });
    input.focus({ preventScroll: true });
    input.select();
}
