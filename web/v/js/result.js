/*
 * A result of check.js as people read it: the state, large; the signature;
 * what the service and the statement say, side by side; the photo.
 * Depends on statement.js, text.js, the site's dom.js.
 */

import { h } from '/js/dom.js';
import { showCode } from './statement.js';
import { currentLanguage, pick, showDate, t } from './text.js';

const SECONDS = 60;
const KINDS = {
    valid: 'good', replaced: 'warn', suspended: 'warn', revoked: 'bad', ended: 'bad',
    unknown: 'bad', forged: 'bad', differ: 'bad', offline: 'info', signed_only: 'info'
};
const MARKS = { good: '✓', warn: '!', bad: '✗', info: 'i' };
const NO_ANSWER = ['network', 'busy', 'too_many'];

/* The one word all of it comes to. */
function verdict({ state, sign, differ }) {
    if (sign === 'false' || differ.length) {
        return sign === 'false' ? 'forged' : 'differ';
    }

    if (NO_ANSWER.includes(state)) {
        return sign !== 'true' ? 'unproved' : state === 'network' ? 'offline' : 'signed_only';
    }

    return state;
}

function title(word, answer) {
    return t(word, {
        date: showDate(answer?.[`${word}_at`]), reason: answer?.reason
    });
}

function more(word, { state, answer, input, wait }) {
    const minutes = { n: Math.max(1, Math.ceil(wait / SECONDS)) };

    if (word === 'unproved' || word === 'signed_only') {
        return [t(state === 'network' ? 'unproved_more' : `${state}_more`, minutes)];
    }

    const beside = ['forged', 'differ'].includes(word) && !NO_ANSWER.includes(state)
        ? t('forged_state', { code: showCode(input.code), state: title(state, answer) }) : '';

    return [t(`${word}_more`), beside];
}

function banner(result) {
    const word = verdict(result);
    const kind = KINDS[word] || 'info';

    return h('div', { class: `state-box ${kind}`, 'data-state': word },
        h('span', { class: 'state-mark', 'aria-hidden': 'true' }, MARKS[kind]),
        h('div', {},
            h('h2', { class: 'state-word', tabindex: '-1' }, title(word, result.answer)),
            more(word, result).filter(Boolean).map((words) => h('p', {}, words))));
}

const SIGN_KINDS = { true: 'good', false: 'bad', none: 'plain' };

function signLine({ sign, key, answer }) {
    if (sign === 'none' && !answer?.name) {
        return null;
    }

    return h('p', { class: `sign ${SIGN_KINDS[sign] || 'warn'}`, 'data-sign': sign },
        sign === 'none' ? t('unsigned') : t(`sign_${sign}`, { key }));
}

const ROWS = ['name', 'number', 'category', 'at', 'institute', 'issuer', 'member_status', 'serial'];

/* Of the statement: a value, or '' where it has none. */
function signed(statement, key) {
    if (key === 'at') {
        return showDate(statement.date);
    }

    return statement[key] ? statement[key].text + (statement[key].cut ? t('cut') : '') : '';
}

/* What only the service says takes both columns. */
function factRow(key, cells, differs) {
    const alone = cells.length > 1 && !cells[1];

    return h('tr', { 'data-key': key, class: differs ? 'differs' : null },
        h('th', { scope: 'row' }, t(key)),
        h('td', { colspan: alone ? 2 : null }, cells[0] || t('dash')),
        cells[1] ? h('td', {}, cells[1],
            differs ? h('strong', { class: 'differs-word' }, `✗ ${t('differs')}`) : null) : null);
}

/* Of the service: as the certificate has it where it stands beside that. */
function registered(answer, key, beside) {
    return showDate(String(beside ? answer[key] : pick(answer, key)));
}

function facts({ answer, statement, sign, differ }) {
    const known = answer?.name ? answer : null;
    const proved = statement && (known || sign === 'true') ? statement : null;

    if (!known && !proved) {
        return null;
    }

    const heads = [known && 'now', proved && 'signed'].filter(Boolean);
    const rows = ROWS.map((key) => ({
        key, cells: [known && registered(known, key, proved && signed(proved, key)),
            proved && signed(proved, key)]
            .filter((cell) => cell !== null)
    })).filter(({ cells }) => cells.some(Boolean));

    return h('table', { class: 'facts' },
        h('caption', {}, t('facts')),
        h('thead', {}, h('tr', {}, ['item', ...heads].map((key) =>
            h('th', { scope: 'col' }, t(key))))),
        h('tbody', {}, rows.map(({ key, cells }) => factRow(key, cells, differ.includes(key)))));
}

const FOUND = { photo_same: 'good', photo_other: 'bad', photo_unproved: 'plain' };

function photo({ answer, photo: picture, statement, sign }) {
    if (!picture?.url) {
        const words = picture ? 'photo_failed' : answer?.name ? 'photo_hidden'
            : sign === 'true' ? 'photo_offline' : '';

        return words ? h('p', { class: 'aside no-photo' }, t(words)) : null;
    }

    const name = answer.name || statement?.name.text || '';

    const found = !picture.same ? 'photo_other' : sign === 'true' ? 'photo_same' : 'photo_unproved';

    return h('figure', { class: 'face' },
        h('img', { src: picture.url, width: 178, height: 220, alt: t('photo_alt', { name }) }),
        picture.same === null ? null : h('figcaption', {
            class: FOUND[found], 'data-found': found
        }, t(found)));
}

/* Without anything to show beside the state, there is no second card. */
export function resultOf(result, onAgain) {
    const table = facts(result);
    const time = new Date().toLocaleString(currentLanguage() === 'en' ? 'en-GB' : 'zh-CN');
    const shown = [banner(result),
        h('p', { class: 'aside which' }, t('code'), t('colon'),
            h('span', { class: 'code' }, showCode(result.input.code)), ' · ',
            t('checked_at', { time }))];

    if (NO_ANSWER.includes(result.state)) {
        shown.push(h('button', { type: 'button', class: 'button', onclick: onAgain }, t('again')));
    }

    return [h('section', { class: 'card' }, shown, signLine(result)),
        table ? h('section', { class: 'card sheet' }, photo(result), table) : null];
}
