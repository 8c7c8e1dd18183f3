/*
 * 2.3-3 changing the member's data (S37, S38, S40, S41).  Only what changed
 * is sent, with the revision it was read at; when somebody else saved in
 * between both values are shown.  What was typed survives an expired
 * session or a change of language in memory, and nowhere else.
 * Depends on api.js, dom.js, router.js, session.js, text.js, widgets.
 */

import { getMember, saveMember } from '../api.js';
import { fill, h } from '../dom.js';
import { go, show } from '../router.js';
import { session } from '../session.js';
import { label, pick, showDate, t } from '../text.js';
import { prompt } from '../widgets/dialog.js';
import { fieldInput } from '../widgets/field.js';
import { changes, showConflict, showFaults } from '../widgets/form.js';
import { groupOf, instituteOnly, missingNames, star } from '../widgets/member.js';
import { failPage, notice, promptProblem, wordsOf } from '../widgets/problem.js';

let draft = null;

export function dropDraft() {
    draft = null;
}

function fixed(member) {
    return h('dl', { class: 'pairs' }, member.fields.filter((field) => !field.editable)
        .map((field) => h('div', { class: field.missing ? 'pair pair-missing' : 'pair' },
            h('dt', {}, label(field), star(field)),
            h('dd', {},
                showDate(pick(field, 'value')) || (field.missing
                    ? h('strong', { class: 'missing' }, t('missing')) : t('empty')),
                field.missing ? instituteOnly(member) : null))));
}

async function afterSave(member) {
    const missing = missingNames(member);
    const pressed = await prompt({
        title: t('saved'), kind: 'dialog-good',
        body: h('p', {}, missing.length
            ? t('saved_missing', { items: missing.join(t('comma')) }) : t('saved_more')),
        buttons: [['certificate', t('to_certificate')], ['profile', t('to_profile')]]
    });

    if (session()) {
        go(pressed || 'profile');
    }
}

async function save(form, summary, button) {
    const { rows } = form;
    const empty = rows.filter((row) => row.empty())
        .map((row) => ({ key: row.field.key, words: t('need_field', { field: label(row.field) }) }));
    const values = changes(rows);

    rows.forEach((row) => row.fault(''));
    fill(summary);

    if (empty.length) {
        showFaults(summary, rows, empty);
        return;
    }

    if (!Object.keys(values).length) {
        fill(summary, notice('info', h('p', {}, t('saved_nothing'))));
        return;
    }

    button.disabled = true;
    button.textContent = t('saving');

    try {
        const member = await saveMember(form.revision, values);

        form.done = true;
        await afterSave(member);
    } catch (problem) {
        if (problem.status === 412 && problem.member) {
            form.revision = problem.member.revision;
            showConflict(summary, rows, problem.member);
        } else if (problem.status === 422) {
            showFaults(summary, rows, problem.errors.map((error) =>
                ({ key: error.field, words: wordsOf(error) })));
        } else if (problem.code !== 'session_expired') {
            await promptProblem(problem);
        }
    } finally {
        button.disabled = false;
        button.textContent = t('save');
    }
}

function restore(form, member, summary) {
    if (!draft || draft.owner !== `${member.user_type} ${member.member_no}`) {
        draft = null;
        return;
    }

    form.rows.filter((row) => row.field.key in draft.values)
        .forEach((row) => row.write(draft.values[row.field.key]));
    form.revision = draft.revision;
    draft = null;
    fill(summary, notice('info', h('p', {}, t('edit_restored'))));
}

function draw(root, signal, member) {
    const rows = member.fields.filter((field) => field.editable).map(fieldInput);
    const form = { rows, revision: member.revision, done: false };
    const summary = h('div', { class: 'summary' });
    const button = h('button', { type: 'submit', class: 'button main' }, t('save'));

    signal.addEventListener('abort', () => {
        const values = form.done ? {} : changes(rows);

        draft = Object.keys(values).length
            ? { owner: `${member.user_type} ${member.member_no}`, revision: form.revision, values }
            : null;
    });

    fill(root,
        h('div', { class: 'page-head' },
            h('h1', { tabindex: '-1' }, t('edit')),
            h('p', { class: 'aside' }, t('required_note'))),
        summary,
        h('form', {
            class: 'edit', novalidate: true,
            onsubmit(event) {
                event.preventDefault();
                save(form, summary, button);
            }
        },
        groupOf(member, false, fixed(member)),
        groupOf(member, true, h('div', { class: 'fields' }, rows.map((row) => row.element))),
        h('div', { class: 'buttons' },
            h('a', {
                class: 'button quiet', href: '#/profile', onclick() { form.done = true; }
            }, t('back')),
            button)));
    restore(form, member, summary);
}

export async function editPage(root, signal) {
    try {
        const member = await getMember(signal);

        if (!signal.aborted) {
            draw(root, signal, member);
        }
    } catch (problem) {
        failPage(root, signal, problem, show);
    }
}
