/*
 * The certificates of a member at the desk: every confirmation with its
 * state, taken back or given back for a reason.
 * Depends on the desk's api.js, the site's dom.js, text.js, widgets.
 */

import { fill, h, id } from '/js/dom.js';
import { showTime, t } from '/js/text.js';
import { modal } from '/js/widgets/dialog.js';
import { listOf, notice } from '/js/widgets/problem.js';
import { versionCode, versionMore, versionState } from '/js/widgets/versions.js';
import { getVersions, revoke, unrevoke } from '../api.js';

const REASON_MAX = 200;
const ACTS = { revoke, unrevoke };

/* Asks for the reason and does it; answers whether it was done. */
async function ask(kind, { serial }) {
    const said = h('div', { class: 'said', role: 'status' });
    const words = h('textarea', { id: id('reason'), maxlength: REASON_MAX, required: true });
    const button = h('button', { type: 'submit', class: 'button main' }, t(`${kind}_ask`));
    const form = h('form', { novalidate: true, onsubmit: submit },
        h('div', { class: 'dialog-body' },
            h('p', {}, t(`${kind}_ask_more`, { serial })), said,
            h('div', { class: 'field reason-field' },
                h('label', { for: words.id }, t(`${kind}_reason`)), words)),
        h('div', { class: 'buttons' }, button, h('button', {
            type: 'button', class: 'button quiet', onclick: () => shown.dialog.close('')
        }, t('cancel'))));
    const shown = modal(t(`${kind}_ask`), form);
    let sending = false;

    function refuse(content) {
        fill(said, notice('bad', content));
        words.focus();
    }

    async function submit(event) {
        const reason = words.value.trim();

        event.preventDefault();

        if (sending) {
            return;
        }

        if (!reason) {
            refuse(h('p', {}, t('need_words')));
            return;
        }

        sending = true;

        try {
            await ACTS[kind](serial, reason);
            shown.dialog.close('done');
        } catch (problem) {
            refuse(listOf(problem.errors));
        } finally {
            sending = false;
        }
    }

    words.focus();

    return await shown.closed === 'done';
}

export class Versions {
    /* "ondone" is called with the words of what was done. */
    constructor(member, ondone) {
        this.member = member;
        this.ondone = ondone;
        this.body = h('div', {}, h('p', { class: 'aside' }, t('loading')));
        this.element = h('section', { class: 'card versions-card' },
            h('h2', {}, t('versions')), this.body);
        this.load();
    }

    async load() {
        try {
            const { certificates } = await getVersions(this.member);

            fill(this.body, certificates.length
                ? this.table(certificates) : h('p', { class: 'aside' }, t('versions_none')));
        } catch (problem) {
            fill(this.body, notice('bad', listOf(problem.errors)));
        }
    }

    button(one) {
        const kind = one.state === 'revoked' ? 'unrevoke' : 'revoke';

        return one.state === 'erased' ? null : h('button', {
            type: 'button', class: 'plain', 'data-act': kind,
            'aria-label': t('revoke_of', { action: t(kind), serial: one.serial }),
            onclick: async () => {
                if (await ask(kind, one)) {
                    this.ondone(t(`${kind}_done`, { serial: one.serial }));
                }
            }
        }, t(kind));
    }

    table(certificates) {
        const heads = ['version_serial', 'version_at', 'version_state', 'version_code', 'versions_action'];

        return h('table', { class: 'versions' },
            h('thead', {}, h('tr', {}, heads.map((key) => h('th', { scope: 'col' }, t(key))))),
            h('tbody', {}, certificates.map((one) => h('tr', { 'data-serial': one.serial },
                h('th', { scope: 'row' }, one.serial), h('td', {}, showTime(one.at)),
                h('td', {}, versionState(one), versionMore(one)
                    ? h('span', { class: 'aside version-more' }, versionMore(one)) : null),
                h('td', {}, versionCode(one)), h('td', {}, this.button(one))))));
    }
}
