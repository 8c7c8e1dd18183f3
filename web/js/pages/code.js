/*
 * 忘记密码, second step: the code of the message, or the one the institute
 * gave, and a new password (I04).  The answer to the first step is always the
 * same, so this page speaks of a message only as of something that may come.
 * Depends on api.js, dom.js, keep.js, recovery.js, router.js, text.js, pages,
 * widgets.
 */

import { confirmRecovery } from '../api.js';
import { fill, h } from '../dom.js';
import { keep } from '../keep.js';
import {
    dropRecovery, keepTyped, pendingRecovery, typedValues
} from '../recovery.js';
import { go } from '../router.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { clockWords, countdown } from '../widgets/countdown.js';
import {
    codeEntry, instituteCodeEntry, numberEntry, typeEntry
} from '../widgets/entry.js';
import { newPasswordEntry } from '../widgets/new-password.js';
import { notice } from '../widgets/problem.js';
import { Sender } from '../widgets/send.js';
import { stages } from '../widgets/stages.js';
import { askCode, otherWay } from './identify.js';
import { loginNotice, loginNumber } from './login.js';

/* The row a refusal is about. */
function keyOf({ code }) {
    return code === 'recovery_refused' ? 'code' : /^password_/.test(code) ? 'password' : null;
}

function done(values) {
    dropRecovery();
    keep('user_type', values.user_type);
    loginNumber(values.member_no);
    loginNotice('good', t('password_set'), t('password_set_more'));
    go('login');
}

/* The form itself: "first" are the rows above the password, "values" what is
 * sent with them, "about" the person as far as it is known. */
function passwordForm(signal, first, values, about) {
    const password = newPasswordEntry(t('new_password'), () =>
        [about().member_no, about().name, about().id_number].filter(Boolean));
    const rows = [...first, password];
    const summary = h('div', { class: 'summary' });
    const button = h('button', { type: 'submit', class: 'button main wide' }, t('set_password'));
    const sender = new Sender({ rows, summary, button, signal, keyOf });

    async function submit(event) {
        event.preventDefault();

        const lacks = password.empty() ? [] : password.lacks();

        if (sender.lacking(lacks.map((words) => ({ key: 'password', words })))) {
            return;
        }

        if (await sender.send(t('setting_password'),
            (captcha) => confirmRecovery({ ...values(), password: password.value(), captcha }))) {
            done(about());
        }
    }

    return [summary, h('form', { novalidate: true, onsubmit: submit },
        rows.map((row) => row.element), sender.proof.element,
        h('div', { class: 'buttons' }, button))];
}

/* For a password manager: whose password this is. */
function hiddenNumber() {
    const { member_no: number } = typedValues();

    return number ? h('input', {
        type: 'text', class: 'unseen', autocomplete: 'username', value: number,
        readonly: true, tabindex: '-1', 'aria-hidden': 'true'
    }) : null;
}

class CodePage {
    constructor(signal) {
        this.signal = signal;
        this.pending = pendingRecovery();
        this.code = codeEntry(this.pending.length);
        this.code.input.value = typedValues().code || '';
        this.sent = h('div', { class: 'sent', tabindex: '-1' });
        this.summary = h('div', { class: 'summary' });
        this.again = h('button', { type: 'button', class: 'button quiet' }, t('send_again'));
        this.swap = h('button', { type: 'button', class: 'button quiet' });
        this.sender = new Sender({
            rows: [], summary: this.summary, button: this.again, signal,
            guarded: site().captcha.web !== 'off'
        });
        this.again.addEventListener('click', () => this.ask(this.pending.channel));
        this.swap.addEventListener('click', () => this.ask(this.other()));
        signal.addEventListener('abort', () => {
            this.time.stop();
            clearTimeout(this.timer);
            keepTyped({ ...typedValues(), code: this.code.value() });
        });
        this.drawSent('');
        this.wait();
    }

    other() {
        return this.pending.channel === 'email' ? 'phone' : 'email';
    }

    /* What may have been sent, and how long its code is good. */
    drawSent(first) {
        const { kind, channel, until } = this.pending;
        const [before, behind] = t('code_valid').split('{time}');

        this.time?.stop();
        this.time = countdown(until, () => fill(this.sent, notice('warn', h('p', {}, t('code_over')))));
        fill(this.sent, notice('info', first ? h('p', {}, h('strong', {}, first)) : null,
            h('p', {}, t(`sent_${kind}`, { channel: t(`channel_${channel}`) })),
            h('p', { class: 'code-time' }, before, this.time.clock, behind), this.time.said));
    }

    /* Not again at once: the message may be on its way. */
    wait() {
        const left = Math.ceil((this.pending.again - Date.now()) / 1000);

        this.waits = left > 0;
        this.swap.textContent = t(`send_to_${this.other()}`);
        this.again.textContent = this.waits
            ? t('send_again_in', { time: clockWords(left) }) : t('send_again');
        this.again.dataset.words = t('send_again');
        [this.again, this.swap].forEach((one) =>
            one.setAttribute('aria-disabled', String(this.waits)));

        if (this.waits) {
            this.timer = setTimeout(() => this.wait(), 1000);
        }
    }

    async ask(channel) {
        if (this.waits) {
            return;
        }

        const { code, ...values } = { ...typedValues(), channel };

        fill(this.summary);

        if (await this.sender.send(t('sending_code'),
            (captcha) => askCode(this.pending.kind, values, captcha))) {
            keepTyped(values);
            this.pending = pendingRecovery();
            this.code.input.value = '';
            this.drawSent(t('sent_again'));
            this.wait();
            this.sent.focus();
        }
    }

    /* After the browser dropped the page nothing typed is left to send. */
    noCode() {
        const known = Boolean(typedValues().id_number);

        return h('section', { class: 'card', 'aria-labelledby': 'no-code' },
            h('h2', { id: 'no-code' }, t('no_code')),
            h('ul', {}, t('no_code_why').split('|').map((words) => h('li', {}, words))),
            this.summary, this.sender.proof.element,
            h('div', { class: 'buttons' }, known ? [this.again, this.swap] : null,
                h('a', {
                    class: 'button quiet',
                    href: this.pending.kind === 'activation' ? '#/newcomer' : '#/forgot'
                }, t('identify_again'))));
    }

    draw(root) {
        const values = () => ({ recovery: this.pending.recovery, code: this.code.value() });

        this.code.element.prepend(...[hiddenNumber()].filter(Boolean));
        fill(root, h('div', { class: 'narrow account' },
            h('h1', { tabindex: '-1' }, t('choose_password')),
            h('section', { class: 'card', 'aria-labelledby': 'stages' },
                stages(1), this.sent,
                passwordForm(this.signal, [this.code], values, typedValues)),
            this.noCode(), otherWay()));
    }
}

export async function codePage(root, signal) {
    if (pendingRecovery()) {
        new CodePage(signal).draw(root);
    } else {
        go('forgot');
    }
}

/* The code an officer of the institute printed or wrote down. */
export async function instituteCodePage(root, signal) {
    const typed = typedValues();
    const [type, number, code] = [typeEntry(typed.user_type), numberEntry(typed.member_no),
        instituteCodeEntry()];
    const values = () => ({
        user_type: type.value(), member_no: number.value(), code: code.value()
    });

    signal.addEventListener('abort', () => keepTyped({
        ...typedValues(), user_type: type.value(), member_no: number.value()
    }));
    fill(root, h('div', { class: 'narrow account' },
        h('h1', { tabindex: '-1' }, t('choose_password')),
        h('p', {}, t('institute_code_lead')),
        h('section', { class: 'card' },
            passwordForm(signal, [type, number, code], values, values)),
        h('p', {}, h('a', { class: 'button quiet', href: '#/forgot' }, t('back')))));
}
