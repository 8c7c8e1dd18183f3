/*
 * The bar under the photos: 通过, 不通过 and then a reason by its number or
 * in the officer's own words.  ondecide(decision) gets what is to be sent.
 * Nothing is decided before the case was on the screen: see arm().
 * Depends on the site's dom.js, session.js, text.js.
 */

import { fill, h, id } from '/js/dom.js';
import { session } from '/js/session.js';
import { label, t } from '/js/text.js';

const WORDS_MAX = 200;
const DIGITS = '1234567890';

function pressed(words, key, attributes) {
    return h('button', { type: 'button', ...attributes }, words, ' ', h('kbd', {}, key));
}

export class Decide {
    constructor(ondecide) {
        this.ondecide = ondecide;
        this.armed = false;
        this.open = false;
        this.approveButton = pressed(t('approve'), 'A', {
            class: 'button main approve', onclick: () => this.approve()
        });
        this.rejectButton = pressed(t('reject'), 'R', {
            class: 'button quiet reject', 'aria-expanded': 'false', onclick: () => this.toggle()
        });
        this.row = h('div', { class: 'decide-row' }, this.approveButton, this.rejectButton);
        this.panel = h('div', { class: 'reasons', hidden: true });
        this.element = h('div', { class: 'decide' }, this.row, this.panel);
    }

    /* Without this no key and no button decides. */
    arm(on) {
        this.armed = on;

        for (const button of [this.approveButton, this.rejectButton]) {
            button.setAttribute('aria-disabled', String(!on));
        }

        this.element.setAttribute('aria-busy', String(!on));

        if (!on) {
            this.close();
        }
    }

    /* Not from within a rejection: that is taken back first. */
    approve() {
        if (this.armed && !this.open) {
            this.ondecide({ decision: 'approve' });
        }
    }

    toggle() {
        if (this.open) {
            this.close();
        } else if (this.armed) {
            this.show();
        }
    }

    show() {
        this.open = true;
        this.row.hidden = true;
        this.panel.hidden = false;
        this.rejectButton.setAttribute('aria-expanded', 'true');
        fill(this.panel, this.head(),
            h('ol', {}, session().reasons.map((reason, i) => h('li', {},
                pressed(label(reason), DIGITS[i] || '', {
                    class: 'reason', 'data-reason': reason.code,
                    onclick: () => this.choose(i)
                })))),
            h('p', { class: 'hint' }, t('reject_seen')));
        this.panel.scrollIntoView({ block: 'nearest' });
        this.panel.querySelector('.reason')?.focus({ preventScroll: true });
    }

    head() {
        return h('div', { class: 'reasons-head' }, h('h3', {}, t('reject_why')),
            pressed(t('back'), 'Esc', { class: 'plain', onclick: () => this.close() }));
    }

    /* Esc: what was begun is taken back. */
    close() {
        if (!this.open) {
            return;
        }

        const inside = this.panel.contains(document.activeElement);

        this.open = false;
        this.row.hidden = false;
        this.panel.hidden = true;
        fill(this.panel);
        this.rejectButton.setAttribute('aria-expanded', 'false');

        if (inside) {
            this.rejectButton.focus({ preventScroll: true });
        }
    }

    digit(name) {
        const place = DIGITS.indexOf(name);

        if (this.open && !this.panel.querySelector('input')) {
            this.choose(place);
        }
    }

    choose(place) {
        const reason = session().reasons[place];

        if (!reason || !this.armed) {
            return;
        }

        if (reason.code === 'other') {
            this.askWords(reason.code);
        } else {
            this.ondecide({ decision: 'reject', reason: reason.code });
        }
    }

    askWords(code) {
        const input = h('input', { id: id('words'), type: 'text', maxlength: WORDS_MAX, autocomplete: 'off' });
        const error = h('p', { class: 'error', id: id('error') });

        input.setAttribute('aria-describedby', error.id);
        fill(this.panel, this.head(), h('form', {
            novalidate: true,
            onsubmit: (event) => {
                event.preventDefault();

                if (!input.value.trim()) {
                    error.textContent = t('need_words');
                    input.focus();
                } else if (this.armed) {
                    this.ondecide({ decision: 'reject', reason: code, words: input.value.trim() });
                }
            }
        },
        h('label', { for: input.id }, t('reject_words')),
        h('div', { class: 'words-row' }, input,
            h('button', { type: 'submit', class: 'button main' }, t('reject_send'))),
        error));
        input.focus();
    }
}
