/*
 * The password once more: before contacts change and other devices are
 * logged out, when the log-in was a while ago.  One dialog, whoever asks.
 * Depends on api.js, dom.js, text.js, dialog.js, entry.js, hotline.js,
 * problem.js, send.js.
 */

import { confirmSession } from '../api.js';
import { h } from '../dom.js';
import { t } from '../text.js';
import { modal } from './dialog.js';
import { passwordEntry } from './entry.js';
import { withPhones } from './hotline.js';
import { notice } from './problem.js';
import { busy, refusalWords } from './send.js';

const GIVEN = 'given';

let asking = null;

function draw() {
    const row = passwordEntry('password', t('password'), 'current-password');
    const said = h('div', { class: 'said', 'aria-live': 'polite' });
    const button = h('button', { type: 'submit', class: 'button main' }, t('confirm_button'));
    const form = h('form', { novalidate: true },
        h('div', { class: 'dialog-body' },
            h('p', {}, t('confirm_lead')), said, row.element),
        h('div', { class: 'buttons' }, button,
            h('button', {
                type: 'button', class: 'button quiet', onclick: () => shown.dialog.close('')
            }, t('cancel'))));
    const shown = modal(t('confirm_title'), form);

    function fail(words) {
        row.fault(words);
        row.input.focus();
        row.input.select();
    }

    async function submit() {
        row.fault('');
        said.replaceChildren();

        if (row.empty()) {
            fail(t('confirm_empty'));
            return;
        }

        busy(button, t('confirm_working'));

        try {
            await confirmSession(row.value());
            shown.dialog.close(GIVEN);
        } catch (problem) {
            if (problem.code === 'password_wrong') {
                fail(t('confirm_wrong'));
            } else {
                said.append(notice('bad', h('p', {}, withPhones(refusalWords(problem)))));
            }
        } finally {
            busy(button, '');
        }
    }

    form.addEventListener('submit', (event) => {
        event.preventDefault();

        if (button.getAttribute('aria-disabled') !== 'true') {
            submit();
        }
    });
    row.input.focus();

    return shown.closed;
}

/* Answers whether the password was given; false after Esc or 取消. */
export function askPassword() {
    asking ||= draw().then((value) => value === GIVEN).finally(() => { asking = null; });

    return asking;
}
