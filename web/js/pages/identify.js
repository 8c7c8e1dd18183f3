/*
 * 忘记密码 / 首次登录 and 新入会会员查询, first step (S03 S12 X02 X03): who is
 * asking, and which contact on file the code goes to.  Whatever is typed, the
 * next page is the same: nothing here tells who is a member.
 * Depends on api.js, dom.js, keep.js, recovery.js, router.js, site.js,
 * text.js, widgets.
 */

import { askActivation, askRecovery } from '../api.js';
import { fill, h, id } from '../dom.js';
import { keep } from '../keep.js';
import { keepPending, keepTyped, typedValues } from '../recovery.js';
import { go } from '../router.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { contacts } from '../widgets/contacts.js';
import { idNumberEntry, nameEntry, numberEntry, typeEntry } from '../widgets/entry.js';
import { hotline } from '../widgets/hotline.js';
import { Sender } from '../widgets/send.js';
import { stages } from '../widgets/stages.js';

const AGAIN_MS = 60000;

const ASK = { recovery: askRecovery, activation: askActivation };

/* Sends what was typed; the page of the code may do it again. */
export async function askCode(kind, values, captcha) {
    const answer = await ASK[kind]({ ...values, captcha });
    const now = Date.now();

    keepPending({
        kind, channel: values.channel, recovery: answer.recovery, length: answer.code_length,
        until: now + answer.expires_in * 1000, again: now + AGAIN_MS
    });
}

function channelChoice(value = 'phone') {
    const name = id('channel');
    const inputs = ['phone', 'email'].map((channel) => h('input', {
        type: 'radio', name, value: channel, id: id('channel'), checked: channel === value
    }));

    return {
        value: () => inputs.find((input) => input.checked).value,
        element: h('fieldset', { class: 'channel' }, h('legend', {}, t('channel')),
            inputs.map((input) => h('label', { class: 'check', for: input.id }, input,
                h('span', {}, t(`channel_${input.value}`)))))
    };
}

/* X03: the other way, for whom no message reaches. */
export function otherWay() {
    return h('section', { class: 'card', 'aria-labelledby': 'other-way' },
        h('h2', { id: 'other-way' }, t('other_way')),
        h('p', {}, t('other_way_lead')),
        h('p', {}, h('a', { class: 'button quiet', href: '#/institute-code' },
            t('have_institute_code'))),
        h('p', { class: 'aside' }, t('help_prepare')),
        h('p', { class: 'big-hotline' }, hotline()),
        h('details', { class: 'institutes' }, h('summary', {}, t('help_institutes')),
            contacts(site().institutes)));
}

function draw(kind, root, signal) {
    const typed = typedValues();
    const isNew = kind === 'activation';
    const rows = [typeEntry(typed.user_type), isNew ? null : numberEntry(typed.member_no),
        nameEntry(typed.name), idNumberEntry(typed.id_number)].filter(Boolean);
    const channel = channelChoice(typed.channel);
    const summary = h('div', { class: 'summary' });
    const button = h('button', { type: 'submit', class: 'button main wide' }, t('send_code'));
    const sender = new Sender({ rows, summary, button, signal, guarded: site().captcha.web !== 'off' });
    const values = () => ({
        ...Object.fromEntries(rows.map((row) => [row.field.key, row.value()])),
        channel: channel.value()
    });

    async function submit(event) {
        event.preventDefault();

        if (sender.lacking()) {
            return;
        }

        const sent = await sender.send(t('sending_code'),
            (captcha) => askCode(kind, values(), captcha));

        if (sent) {
            keep('user_type', values().user_type);
            go('code');
        }
    }

    signal.addEventListener('abort', () => keepTyped({ ...typedValues(), ...values() }));
    fill(root, h('div', { class: 'narrow account' },
        h('h1', { tabindex: '-1' }, t(isNew ? 'newcomer' : 'forgot')),
        h('p', {}, t(isNew ? 'newcomer_lead' : 'forgot_lead')),
        h('section', { class: 'card', 'aria-labelledby': 'stages' },
            stages(0), summary,
            h('form', { novalidate: true, onsubmit: submit, onfocusin: () => sender.warm() },
                rows.map((row) => row.element), channel.element, sender.proof.element,
                h('div', { class: 'buttons' }, button))),
        otherWay(),
        h('p', {}, h('a', { class: 'button quiet', href: '#/login' }, t('help_login')))));
}

export async function identifyPage(kind, root, signal) {
    draw(kind, root, signal);
}
