/*
 * One item of the edit form: label with *, an input of its kind, a hint, the
 * fault beside it.  A sensitive value never stands in the input: its mask is
 * the placeholder, and only what is typed anew is sent.
 * Depends on dom.js, site.js, text.js.
 */

import { fill, h, id } from '../dom.js';
import { site } from '../site.js';
import { label, pick, t } from '../text.js';
import { star } from './member.js';

const KINDS = {
    text: { type: 'text' },
    date: { type: 'date' },
    phone: { type: 'tel', autocomplete: 'tel', inputmode: 'tel' },
    email: { type: 'email', autocomplete: 'email', inputmode: 'email' },
    postcode: { type: 'text', autocomplete: 'postal-code', inputmode: 'numeric' },
    id_number: { type: 'text', autocapitalize: 'characters', spellcheck: 'false' }
};

const PURPOSE = { work_unit: 'organization', address: 'street-address', name: 'name' };

function options(type) {
    return type === 'sex'
        ? [['M', t('sex_m')], ['F', t('sex_f')]]
        : (site().institutes || []).map((one) => [one.code, pick(one, 'name')]);
}

const isChoice = (field) => field.type === 'sex' || field.type === 'institute';

/* What stands in the input before anything is typed. */
function startOf(field) {
    if (field.sensitive) {
        return '';
    }

    if (!isChoice(field)) {
        return field.value;
    }

    const shown = [field.value, field.value_en];
    const present = options(field.type).find((pair) => pair.some((one) => shown.includes(one)));

    return present ? present[0] : '';
}

function control(field, attributes) {
    if (isChoice(field)) {
        return h('select', attributes, h('option', { value: '' }, t('edit_choose')),
            options(field.type).map(([code, name]) => h('option', { value: code }, name)));
    }

    return h('input', {
        autocomplete: PURPOSE[field.key] || 'off', ...KINDS[field.type], ...attributes,
        maxlength: field.max,
        placeholder: field.sensitive ? field.value : null
    });
}

function hintOf(field) {
    const key = `format_${field.type}`;

    return [
        ['phone', 'postcode'].includes(field.type) ? t(key) : '',
        field.sensitive && field.value ? t('edit_hidden', { mask: field.value }) : ''
    ].filter(Boolean).join(t('sentence'));
}

/*
 * Answers { element, field, read, write, fault, theirs }: read() is the new
 * value or null when nothing changed; fault(words) shows or clears a fault;
 * theirs(field) shows what is saved at present beside what was typed.
 */
export function fieldInput(field) {
    const hint = h('p', { class: 'hint', id: id('hint') }, hintOf(field));
    const error = h('p', { class: 'error', id: id('error') });
    const other = h('p', { class: 'theirs', id: id('theirs') });
    const input = control(field, {
        id: id('field'), name: field.key, 'aria-required': field.required ? 'true' : null,
        'aria-describedby': `${error.id} ${other.id} ${hint.id}`
    });
    const remove = field.sensitive && field.value && !field.required
        ? h('input', { type: 'checkbox', id: id('remove') }) : null;
    let start = startOf(field);

    input.value = start;

    const row = {
        field, input,
        read() {
            if (remove?.checked) {
                return '';
            }

            const value = input.value.trim();

            return value === start ? null : value;
        },
        write(value) {
            input.value = value;
        },
        /* empty and required, with nothing stored that stays */
        empty: () => field.required && input.value.trim() === ''
            && !(field.sensitive && field.value),
        fault(words) {
            error.textContent = words || '';

            if (words) {
                input.setAttribute('aria-invalid', 'true');
            } else {
                input.removeAttribute('aria-invalid');
            }
        },
        /* The service holds another value now; false: ours was untouched. */
        theirs(now) {
            const typed = row.read();

            start = startOf(now);
            field.value = now.value;

            if (typed === null || field.sensitive) {
                input.value = typed ?? start;
                return;
            }

            fill(other, t('edit_theirs', { value: now.value || t('empty') }),
                h('button', {
                    type: 'button', class: 'plain',
                    onclick() {
                        input.value = start;
                        fill(other);
                        input.focus();
                    }
                }, t('edit_take')));
        }
    };

    row.element = h('div', { class: 'field', 'data-key': field.key },
        h('label', { for: input.id }, label(field), star(field)), input,
        remove ? h('label', { class: 'check small' }, remove, t('edit_remove')) : null,
        error, other, hint.textContent ? hint : null);

    return row;
}
