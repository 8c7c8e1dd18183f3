/*
 * 2.1-1 the login page.  Where the service wants a check against machines, the
 * device does it and the member only waits (S10, I02, I03).
 * Depends on captcha.js, dom.js, keep.js, session.js, site.js, text.js, widgets.
 */

import { Captcha } from '../captcha.js';
import { fill, h } from '../dom.js';
import { keep } from '../keep.js';
import { openSession } from '../session.js';
import { site } from '../site.js';
import { pick, t } from '../text.js';
import { numberEntry, passwordEntry, typeEntry } from '../widgets/entry.js';
import { miniProgram } from '../widgets/mini-program.js';
import { notice } from '../widgets/problem.js';
import { proofLine } from '../widgets/proof-line.js';
import { busy, refusalWords } from '../widgets/send.js';

let waiting = null;

/* What the next login page shows first: kind and words. */
export function loginNotice(...content) {
    waiting = content;
}

/* The number it starts with: whose password was just set. */
let known = '';

export function loginNumber(number) {
    known = number || '';
}

function banner() {
    return h('section', { class: 'login-banner' },
        h('h1', { tabindex: '-1' }, pick(site(), 'issuer') || t('product'),
            h('span', { class: 'login-system' }, t('system'))),
        h('p', {}, t('login_motto')),
        h('ol', { class: 'steps' }, t('login_steps').split('|').map((step) => h('li', {}, step))));
}

function forgotLink() {
    return h('a', { href: '#/forgot' }, t('forgot'));
}

/* S12: the words of the refusal, with the way out in them. */
function refusal() {
    const [before, behind] = t('login_failed_more').split(/[“”]/).filter((_, i) => i !== 1);

    return notice('bad', h('p', {}, before, '“', forgotLink(), '”', behind));
}

class LoginPage {
    constructor(signal, enter) {
        this.signal = signal;
        this.enter = enter;
        this.said = h('div', { class: 'said' });
        this.type = typeEntry();
        this.number = numberEntry(known);
        this.password = passwordEntry('password', t('password'), 'current-password');
        this.button = h('button', { type: 'submit', class: 'button main wide' }, t('login'));
        this.proof = proofLine();
        this.captcha = new Captcha(signal, this.proof);
        this.always = site().captcha.web === 'on';
        known = '';
    }

    refuse(content, { input }) {
        fill(this.said, content);
        input.setAttribute('aria-invalid', 'true');
        input.focus();
    }

    /* What the member wrote may be right: it stays, and is not marked. */
    refuseElse(problem) {
        const words = notice('bad', h('p', {}, refusalWords(problem)));

        words.tabIndex = -1;
        fill(this.said, words);
        words.focus();
    }

    send(captcha) {
        return openSession({
            user_type: this.type.value(), member_no: this.number.value(),
            password: this.password.value(), captcha
        });
    }

    async logIn() {
        this.sending = true;
        busy(this.button, t('logging_in'));

        try {
            await this.captcha.send((captcha) => this.send(captcha), this.always);
            keep('user_type', this.type.value());
            this.password.input.value = '';
            this.enter();
        } catch (problem) {
            if (this.signal.aborted) {
                return;
            }

            if (problem.code === 'login_failed') {
                this.refuse(refusal(), this.password);
                this.password.input.select();
            } else {
                this.refuseElse(problem);
            }
        } finally {
            this.sending = false;
            busy(this.button, '');
        }
    }

    submit(event) {
        const { number, password } = this;

        event.preventDefault();

        if (this.sending) {
            return;
        }

        number.input.value = number.value();
        [number, password].forEach((row) => row.fault(''));

        const empty = [number, password].find((row) => row.empty());

        if (empty) {
            this.refuse(notice('bad', h('p', {}, t(`need_${empty.field.key}`))), empty);
        } else {
            this.logIn();
        }
    }

    draw(root) {
        fill(root, h('div', { class: 'login' }, banner(),
            h('section', { class: 'card login-card', 'aria-labelledby': 'login-title' },
                h('h2', { id: 'login-title' }, t('login_lead')), this.said,
                h('form', { onsubmit: (event) => this.submit(event), novalidate: true },
                    [this.type, this.number, this.password].map((row) => row.element),
                    this.proof.element, this.button),
                h('p', { class: 'login-links' }, forgotLink(),
                    h('a', { href: '#/newcomer' }, t('newcomer'))),
                miniProgram())));
    }
}

export async function loginPage(root, signal, enter) {
    const page = new LoginPage(signal, enter);

    if (waiting) {
        fill(page.said, notice(waiting[0], waiting.slice(1).map((words) => h('p', {}, words))));
        waiting = null;
    }

    if (!site().answered && !page.said.firstChild) {
        fill(page.said, notice('bad', h('p', {}, t('problem_service_busy'))));
    }

    page.draw(root);
}
