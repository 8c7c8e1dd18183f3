/*
 * A one-time code for a member at the counter (X03): the tick that person and
 * document were checked, then the code, once, to be handed over on paper.
 * Depends on api.js, words.js, the site's dom.js, site.js, text.js, widgets.
 */

import { fill, h, id } from '/js/dom.js';
import { site } from '/js/site.js';
import { pick, showTime, t } from '/js/text.js';
import { modal } from '/js/widgets/dialog.js';
import { listOf, notice } from '/js/widgets/problem.js';
import { activateMember } from '../api.js';
import { typeWord } from './words.js';

const SECOND_MS = 1000;

function button(words, kind, onclick) {
    return h('button', { type: 'button', class: `button ${kind}`, onclick }, words);
}

/* The slip the member takes away. */
function slip(member, { code, expires_in: seconds }) {
    const rows = [['col_name', member.name], ['user_type_word', typeWord(member.user_type)],
        ['member_no_word', member.member_no],
        ['slip_until', showTime(Date.now() + seconds * SECOND_MS)]];
    const url = site().public_url || location.origin;

    return h('div', { class: 'slip' },
        h('p', { class: 'slip-issuer' }, pick(site(), 'issuer')),
        h('p', { class: 'slip-title' }, t('slip_title')),
        h('p', { class: 'slip-code', id: 'slip-code' },
            h('span', { 'aria-hidden': 'true' }, code),
            h('span', { class: 'unseen' }, t('slip_code_read', { code: [...code].join(' ') }))),
        h('dl', { class: 'pairs' }, rows.map(([key, value]) => h('div', { class: 'pair' },
            h('dt', {}, t(key)), h('dd', {}, value)))),
        h('ol', {}, t('slip_steps', { url }).split('|').map((words) => h('li', {}, words))),
        h('p', { class: 'aside' }, t('slip_once')));
}

class Activate {
    constructor(member) {
        const tick = id('checked');

        this.member = member;
        this.checked = h('input', { id: tick, type: 'checkbox' });
        this.body = h('div', { class: 'dialog-body' },
            h('p', {}, t('activate_ask_more', { name: member.name })),
            h('label', { class: 'check', for: tick }, this.checked,
                h('span', {}, t('activate_checked'))));
        this.said = h('div', { class: 'said', role: 'status' });
        this.body.append(this.said);
        this.buttons = h('div', { class: 'buttons' },
            button(t('activate_go'), 'main', () => this.send()),
            button(t('cancel'), 'quiet', () => this.dialog.close()));
    }

    async open() {
        const { dialog, closed } = modal(t('activate'), [this.body, this.buttons],
            { kind: 'dialog-slip' });

        this.dialog = dialog;
        this.checked.focus();
        await closed;
    }

    async send() {
        if (this.sending) {
            return;
        }

        if (!this.checked.checked) {
            fill(this.said, notice('bad', h('p', {}, t('activate_need_checked'))));
            this.checked.focus();
            return;
        }

        this.sending = true;

        try {
            this.show(await activateMember(this.member));
        } catch (problem) {
            fill(this.said, notice('bad', listOf(problem.errors)));
        } finally {
            this.sending = false;
        }
    }

    /* Esc would lose it: it is closed by its button alone. */
    show(answer) {
        this.dialog.setAttribute('closedby', 'none');
        this.dialog.addEventListener('cancel', (event) => event.preventDefault());
        this.dialog.addEventListener('keydown', (event) => {
            if (event.key === 'Escape') {   // the second one is no "cancel" to every browser
                event.preventDefault();
            }
        });
        fill(this.said);
        fill(this.body, notice('warn', h('p', {}, t('activate_shown'))),
            slip(this.member, answer), this.said);
        fill(this.buttons,
            button(t('print'), 'main', () => print()),
            button(t('copy'), 'quiet', () => this.copy(answer.code)),
            button(t('close'), 'quiet', () => this.dialog.close()));
        this.buttons.firstElementChild.focus();
    }

    async copy(code) {
        try {
            await navigator.clipboard.writeText(code);
            fill(this.said, notice('good', h('p', {}, t('copied'))));
        } catch {
            getSelection().selectAllChildren(this.body.querySelector('#slip-code > span'));
            fill(this.said, notice('warn', h('p', {}, t('copy_failed'))));
        }
    }
}

export const activate = (member) => new Activate(member).open();
