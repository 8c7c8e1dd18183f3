/*
 * 2.1-1 the login page.
 * Depends on dom.js, keep.js, session.js, site.js, text.js, widgets.
 */

import { fill, h, id } from '../dom.js';
import { keep, recall } from '../keep.js';
import { openSession } from '../session.js';
import { site } from '../site.js';
import { label, pick, t } from '../text.js';
import { notice, wordsOf } from '../widgets/problem.js';

let waiting = null;

/* What the next login page shows first: kind and words. */
export function loginNotice(...content) {
    waiting = content;
}

/* A pasted number may carry spaces, also wide and invisible ones. */
function trimmed(text) {
    return text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '');
}

function banner() {
    return h('section', { class: 'login-banner' },
        h('h1', { tabindex: '-1' }, pick(site(), 'issuer') || t('product'),
            h('span', { class: 'login-system' }, t('system'))),
        h('p', {}, t('login_motto')),
        h('ol', { class: 'steps' }, t('login_steps').split('|').map((step) => h('li', {}, step))));
}

function typeSelect() {
    const last = recall('user_type');
    const select = h('select', { id: id('type'), name: 'user_type', class: 'chosen' },
        site().user_types.map((type) => h('option', { value: type.code }, label(type))));

    if (site().user_types.some((type) => type.code === last)) {
        select.value = last;
    }

    return select;
}

function passwordInput() {
    const input = h('input', {
        id: id('password'), name: 'password', type: 'password',
        autocomplete: 'current-password', required: true, maxlength: 1024
    });
    const eye = h('button', {
        type: 'button', class: 'plain', 'aria-pressed': 'false', 'aria-controls': input.id,
        onclick() {
            const shown = input.type === 'password';

            input.type = shown ? 'text' : 'password';
            eye.textContent = t(shown ? 'hide_password' : 'show_password');
            eye.setAttribute('aria-pressed', String(shown));
        }
    }, t('show_password'));

    return [input, h('div', { class: 'with-button' }, input, eye)];
}

function row(words, input, control = input) {
    return h('div', { class: 'field' }, h('label', { for: input.id }, words), control);
}

function forgotLink() {
    return h('a', { href: '#/forgot' }, t('forgot'));
}

/* S12: the words of the refusal, with the way out in them. */
function refusal(problem) {
    if (problem.code !== 'login_failed') {
        return notice('bad', h('p', {}, wordsOf(problem.errors[0])));
    }

    const [before, behind] = t('login_failed_more').split(/[“”]/).filter((_, i) => i !== 1);

    return notice('bad', h('p', {}, before, '“', forgotLink(), '”', behind));
}

export async function loginPage(root, signal, enter) {
    const said = h('div', { class: 'said' });
    const type = typeSelect();
    const number = h('input', {
        id: id('number'), name: 'member_no', type: 'text', inputmode: 'text',
        autocomplete: 'username', autocapitalize: 'off', spellcheck: 'false',
        required: true, maxlength: 64,
        onchange: () => { number.value = trimmed(number.value); },
        onpaste: () => setTimeout(() => { number.value = trimmed(number.value); })
    });
    const [password, passwordRow] = passwordInput();
    const button = h('button', { type: 'submit', class: 'button main wide' }, t('login'));

    function refuse(content, input) {
        fill(said, content);
        input.setAttribute('aria-invalid', 'true');
        input.focus();
    }

    async function submit(event) {
        event.preventDefault();
        number.value = trimmed(number.value);
        [number, password].forEach((input) => input.removeAttribute('aria-invalid'));

        const empty = [number, password].find((input) => input.value === '');

        if (empty) {
            const words = t(empty === number ? 'need_member_no' : 'need_password');

            refuse(notice('bad', h('p', {}, words)), empty);
            return;
        }

        button.disabled = true;
        button.textContent = t('logging_in');

        try {
            await openSession({
                user_type: type.value, member_no: number.value, password: password.value
            });
            keep('user_type', type.value);
            password.value = '';
            enter();
        } catch (problem) {
            refuse(refusal(problem), password);
            password.select();
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
                row(t('user_type'), type), row(t('member_no'), number),
                row(t('password'), password, passwordRow), button),
            h('p', { class: 'login-links' }, forgotLink(),
                h('a', { href: '#/newcomer' }, t('newcomer'))))));
}
