/*
 * The desk's log-in: name, password and the six digits of the moment.  One
 * answer for whatever was wrong, so all three are asked for again.
 * Depends on api.js, the site's dom.js, session.js, site.js, text.js, widgets.
 */

import { fill, h, id } from '/js/dom.js';
import { beginSession } from '/js/session.js';
import { site } from '/js/site.js';
import { pick, t } from '/js/text.js';
import { notice, wordsOf } from '/js/widgets/problem.js';
import { logIn } from '../api.js';

let waiting = null;

/* What the next log-in page shows first: kind and words. */
export function loginNotice(...content) {
    waiting = content;
}

const digits = (text) => text.normalize('NFKC').replace(/\D/g, '');

function banner() {
    return h('section', { class: 'login-banner' },
        h('h1', { tabindex: '-1' }, pick(site(), 'issuer') || t('product'),
            h('span', { class: 'login-system' }, t('desk'))),
        h('p', {}, t('login_motto')),
        h('p', { class: 'login-rule' }, t('login_rule')));
}

function row(words, input, hint = '') {
    const below = hint ? h('p', { class: 'hint', id: id('hint') }, hint) : null;

    if (below) {
        input.setAttribute('aria-describedby', below.id);
    }

    return h('div', { class: 'field' }, h('label', { for: input.id }, words), input, below);
}

function inputs() {
    return {
        name: h('input', {
            id: id('name'), name: 'name', type: 'text', autocomplete: 'username',
            autocapitalize: 'off', spellcheck: 'false', required: true, maxlength: 64
        }),
        password: h('input', {
            id: id('password'), name: 'password', type: 'password',
            autocomplete: 'current-password', required: true, maxlength: 1024
        }),
        code: h('input', {
            id: id('code'), name: 'code', type: 'text', inputmode: 'numeric', class: 'code',
            autocomplete: 'one-time-code', pattern: '[0-9 ]*', required: true, maxlength: 9
        })
    };
}

/* The first input that is not filled in; its words. */
function lack({ name, password, code }) {
    const steps = [
        [name, name.value.trim() !== '', 'need_name'],
        [password, password.value !== '', 'need_password_officer'],
        [code, digits(code.value).length === 6, 'need_code']
    ];

    return steps.find(([, filled]) => !filled) || null;
}

export async function loginPage(root, signal, enter) {
    const said = h('div', { class: 'said' });
    const all = inputs();
    const button = h('button', { type: 'submit', class: 'button main wide' }, t('login'));

    function refuse(words, input) {
        fill(said, notice('bad', h('p', {}, words)));
        input.setAttribute('aria-invalid', 'true');
        input.focus();
    }

    async function submit(event) {
        event.preventDefault();
        Object.values(all).forEach((input) => input.removeAttribute('aria-invalid'));

        const first = lack(all);

        if (first) {
            refuse(t(first[2]), first[0]);
            return;
        }

        button.disabled = true;
        button.textContent = t('logging_in');

        try {
            beginSession(await logIn({
                name: all.name.value.trim(), password: all.password.value,
                code: digits(all.code.value)
            }), true);
            all.password.value = '';
            enter();
        } catch (problem) {
            all.code.value = '';
            refuse(wordsOf(problem.errors[0]), all.password);
            all.password.select();
        } finally {
            button.disabled = false;
            button.textContent = t('login');
        }
    }

    if (waiting) {
        fill(said, notice(waiting[0], waiting.slice(1).map((words) => h('p', {}, words))));
        waiting = null;
    }

    if (!site().answered && !said.firstChild) {
        fill(said, notice('bad', h('p', {}, t('problem_service_busy'))));
    }

    fill(root, h('div', { class: 'login' }, banner(),
        h('section', { class: 'card login-card', 'aria-labelledby': 'login-title' },
            h('h2', { id: 'login-title' }, t('login_lead')), said,
            h('form', { onsubmit: submit, novalidate: true },
                row(t('name'), all.name), row(t('password'), all.password),
                row(t('code'), all.code, t('code_hint')), button))));
    all.name.focus({ preventScroll: true });
}
