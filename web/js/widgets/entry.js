/*
 * One field of an account form: label, input, hint, the fault beside it; in
 * the shape form.js expects.  And the fields several of those forms have.
 * Depends on dom.js, keep.js, site.js, text.js.
 */

import { h, id } from '../dom.js';
import { recall } from '../keep.js';
import { site } from '../site.js';
import { label, t } from '../text.js';

/* A pasted number may carry spaces, also wide and invisible ones. */
export const trimmed = (text) =>
    text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '');

/*
 * Answers { field, input, element, value, fault, empty }.  "around" puts the
 * input among other things, "below" stands under it, "tidy" is applied to
 * what was typed.
 */
export function entry(key, words, { input, hint = '', around, below, tidy = (text) => text.trim() }) {
    const help = hint ? h('p', { class: 'hint', id: id('hint') }, hint) : null;
    const error = h('p', { class: 'error', id: id('error') });

    input.id ||= id('entry');
    input.setAttribute('aria-describedby',
        [error, help, below].filter(Boolean).map((one) => one.id).join(' '));

    const row = {
        field: { key }, input,
        value: () => tidy(input.value),
        empty: () => tidy(input.value) === '',
        fault(text) {
            error.textContent = text || '';

            if (text) {
                input.setAttribute('aria-invalid', 'true');
            } else {
                input.removeAttribute('aria-invalid');
            }
        }
    };

    row.element = h('div', { class: 'field', 'data-key': key },
        h('label', { for: input.id }, words), around ? around(input) : input, error, help, below);

    return row;
}

/* Line input; what is tidied away is taken out of sight as well. */
function line(attributes, tidy) {
    const tidyNow = () => { input.value = tidy(input.value); };
    const input = h('input', {
        type: 'text', autocapitalize: 'off', spellcheck: 'false', required: true,
        onchange: tidyNow, onpaste: () => setTimeout(tidyNow), ...attributes
    });

    return input;
}

export function typeEntry(value = recall('user_type')) {
    const input = h('select', { name: 'user_type', class: 'chosen' },
        site().user_types.map((type) => h('option', { value: type.code }, label(type))));

    if (site().user_types.some((type) => type.code === value)) {
        input.value = value;
    }

    return entry('user_type', t('user_type'), { input });
}

export function numberEntry(value = '') {
    return entry('member_no', t('member_no'), {
        tidy: trimmed,
        input: line({
            name: 'member_no', inputmode: 'text', autocomplete: 'username', maxlength: 64, value
        }, trimmed)
    });
}

export function nameEntry(value = '') {
    return entry('name', t('full_name'), {
        input: h('input', {
            type: 'text', name: 'name', autocomplete: 'name', required: true, maxlength: 100, value
        })
    });
}

export function idNumberEntry(value = '') {
    const tidy = (text) => trimmed(text).toUpperCase();

    return entry('id_number', t('id_number'), {
        tidy, hint: t('id_number_hint'),
        input: line({
            name: 'id_number', autocomplete: 'off', autocapitalize: 'characters', maxlength: 64, value
        }, tidy)
    });
}

/* The code of a message: digits only, whatever stands between them. */
export function codeEntry(length) {
    const tidy = (text) => text.normalize('NFKC').replace(/\D/g, '');

    return entry('code', t('code'), {
        tidy, hint: t('code_hint', { n: length }),
        input: line({
            name: 'code', class: 'code', inputmode: 'numeric', autocomplete: 'one-time-code',
            maxlength: 64
        }, tidy)
    });
}

/* The institute's code, in groups as it was printed. */
export function instituteCodeEntry() {
    const tidy = (text) => (trimmed(text).toUpperCase().replace(/[^0-9A-Z]/g, '')
        .match(/.{1,5}/g) || []).join('-');

    return entry('code', t('institute_code'), {
        tidy, hint: t('institute_code_hint'),
        input: line({
            name: 'code', class: 'code long', autocomplete: 'one-time-code',
            autocapitalize: 'characters', maxlength: 64
        }, tidy)
    });
}

/* An input with the button that shows what was typed. */
export function withEye(input) {
    const eye = h('button', {
        type: 'button', class: 'plain', 'aria-pressed': 'false', 'aria-controls': input.id,
        onclick() {
            const shown = input.type === 'password';

            input.type = shown ? 'text' : 'password';
            eye.textContent = t(shown ? 'hide_password' : 'show_password');
            eye.setAttribute('aria-pressed', String(shown));
        }
    }, t('show_password'));

    return h('div', { class: 'with-button' }, input, eye);
}

/* A password is taken as it is: spaces belong to it. */
export function passwordEntry(name, words, purpose, more = {}) {
    return entry(name, words, {
        tidy: (text) => text, around: withEye, ...more,
        input: h('input', {
            name, type: 'password', autocomplete: purpose, required: true, maxlength: 1024,
            id: id('password')
        })
    });
}
