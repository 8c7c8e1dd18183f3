/*
 * Every certificate the member has confirmed, newest first (I13), with what
 * has become of it and the way to its check page; words for the one that
 * was taken back.
 * Depends on dom.js, text.js, hotline.js, problem.js.
 */

import { h } from '../dom.js';
import { showTime, t } from '../text.js';
import { withPhones } from './hotline.js';
import { notice } from './problem.js';

const shownCode = (code) => (code.length === 16 ? code.match(/.{4}/g).join('-') : code);

const KINDS = { valid: 'good', replaced: 'quiet', revoked: 'bad' };

export function versionState(one) {
    return h('span', { class: `version-state ${KINDS[one.state] || 'quiet'}` },
        t(`version_${one.state}`));
}

export function versionMore(one) {
    return one.state === 'revoked'
        ? t('version_revoked_at', { time: showTime(one.revoked_at), reason: one.reason })
        : one.state === 'replaced' ? t('version_replaced_at', { time: showTime(one.replaced_at) }) : '';
}

export function versionCode({ code }) {
    return code ? h('a', { class: 'version-code', href: `/v/#${code}`, target: '_blank', rel: 'noopener' },
        shownCode(code), h('span', { class: 'unseen' }, t('new_window'))) : null;
}

export function versionsTable(versions) {
    const heads = ['version_serial', 'version_at', 'version_state', 'version_code'];

    return h('table', { class: 'versions' },
        h('thead', {}, h('tr', {}, heads.map((key) => h('th', { scope: 'col' }, t(key))))),
        h('tbody', {}, versions.map((one) => h('tr', { 'data-state': one.state },
            h('th', { scope: 'row' }, one.serial), h('td', {}, showTime(one.at)),
            h('td', {}, versionState(one),
                versionMore(one) ? h('span', { class: 'aside version-more' }, versionMore(one)) : null),
            h('td', {}, versionCode(one))))));
}

/* What to do about the last one, which was taken back. */
export function revokedNotice({ serial, revoked_at: at, reason }, contact) {
    return notice('bad',
        h('h2', {}, t('revoked')),
        h('p', {}, t('revoked_more', { serial, time: showTime(at), reason })),
        h('p', {}, withPhones(t('revoked_then', { contact }))));
}
