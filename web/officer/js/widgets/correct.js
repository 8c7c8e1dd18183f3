/*
 * The member's data: shown, and corrected where it is the institute's (S38).
 * Only what changed is sent, with the revision it was read at; when somebody
 * else saved in between both values are shown.  "onsaved" gets the member.
 * Depends on api.js, facts.js, the site's dom.js, text.js, widgets.
 */

import { fill, h } from '/js/dom.js';
import { label, pick, showDate, t } from '/js/text.js';
import { fieldInput } from '/js/widgets/field.js';
import { changes, showConflict, showFaults } from '/js/widgets/form.js';
import { star } from '/js/widgets/member.js';
import { listOf, notice, wordsOf } from '/js/widgets/problem.js';
import { saveMember } from '../api.js';
import { pair } from './facts.js';

function shown(field) {
    const value = showDate(pick(field, 'value'));

    if (value) {
        return value;
    }

    return field.missing
        ? h('strong', { class: 'missing' }, t('missing'))
        : h('span', { class: 'aside' }, t('empty'));
}

/* Moving to another institute is nobody's here. */
const noteOf = (field) => (field.editable || field.type === 'institute' ? null : t('by_member'));

function item(field) {
    const note = noteOf(field);

    return pair([label(field), star(field)],
        [shown(field), note ? h('span', { class: 'institute-only aside' }, note) : null],
        field.missing ? 'pair-missing' : '');
}

export class Correct {
    constructor(member, onsaved) {
        this.member = member;
        this.onsaved = onsaved;
        this.element = h('section', { class: 'card data-card' });
        this.read();
    }

    head(button) {
        return h('div', { class: 'card-head' },
            h('div', {}, h('h2', {}, t('fields')), h('p', { class: 'aside' }, t('fields_note'))),
            button);
    }

    read() {
        const { fields } = this.member;

        fill(this.element,
            this.head(h('button', {
                type: 'button', class: 'button quiet', id: 'correct', onclick: () => this.edit()
            }, t('correct'))),
            h('dl', { class: 'pairs two' },
                fields.map(item)));
    }

    edit() {
        this.rows = this.member.fields.filter((field) => field.editable).map(fieldInput);
        this.revision = this.member.revision;
        this.summary = h('div', { class: 'summary' });
        this.button = h('button', { type: 'submit', class: 'button main' }, t('save'));
        fill(this.element, this.head(null), this.summary,
            h('form', {
                class: 'edit', novalidate: true,
                onsubmit: (event) => {
                    event.preventDefault();
                    this.save();
                }
            },
            h('div', { class: 'fields' }, this.rows.map((row) => row.element)),
            h('div', { class: 'buttons' }, this.button, h('button', {
                type: 'button', class: 'button quiet', onclick: () => this.leave()
            }, t('cancel')))),
            h('dl', { class: 'pairs two' }, this.member.fields
                .filter((field) => !field.editable).map(item)));
        this.rows[0]?.input.focus();
    }

    leave() {
        this.read();
        this.element.querySelector('#correct').focus();
    }

    async save() {
        const values = changes(this.rows);

        this.rows.forEach((row) => row.fault(''));
        fill(this.summary);

        if (!Object.keys(values).length) {
            fill(this.summary, notice('info', h('p', {}, t('saved_nothing'))));
            return;
        }

        this.button.disabled = true;
        this.button.textContent = t('saving');

        try {
            this.onsaved(await saveMember(this.member, this.revision, values));
        } catch (problem) {
            this.refused(problem);
        } finally {
            this.button.disabled = false;
            this.button.textContent = t('save');
        }
    }

    refused(problem) {
        if (problem.status === 412 && problem.member) {
            this.member = problem.member;
            this.revision = problem.member.revision;
            showConflict(this.summary, this.rows, problem.member);
        } else if (problem.status === 422) {
            showFaults(this.summary, this.rows, problem.errors.map((error) =>
                ({ key: error.field, words: wordsOf(error) })));
        } else if (problem.code !== 'session_expired') {
            fill(this.summary, notice('bad', listOf(problem.errors)));
        }
    }
}
