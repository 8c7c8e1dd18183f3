/*
 * What an officer wants to know beside the photos: why the case is here,
 * what the provider and the content checks said, tries, declaration, the
 * member, the uploads before this one.
 * Depends on words.js, the site's dom.js, text.js, problem.js.
 */

import { h } from '/js/dom.js';
import { label, pick, showDate, showTime, t } from '/js/text.js';
import { wordsOf } from '/js/widgets/problem.js';
import { providerWords, stateWord, typeWord } from './words.js';

const MEMBER_KEYS = ['sex', 'category', 'certificate_no', 'id_number', 'admitted_on', 'work_unit'];

export function pair(words, value, kind = '') {
    return h('div', { class: `pair ${kind}` }, h('dt', {}, words), h('dd', {}, value));
}

function whyWords(view) {
    return pick(view, 'reason') || t(view.provider ? 'why_provider' : 'why_manual');
}

function checks({ warnings }) {
    return warnings.length
        ? h('ul', { class: 'warnings' }, warnings.map((one) => h('li', {}, wordsOf(one))))
        : t('checks_good');
}

function verdict(view) {
    const { attempts, most } = view.member;

    return h('section', { class: 'card facts-card' },
        h('h2', {}, t('why')),
        h('p', { class: 'why' }, view.waiting ? whyWords(view) : stateWord(view.state)),
        h('dl', { class: 'pairs' },
            pair(t('provider'), providerWords(view.provider)),
            pair(t('checks'), checks(view), view.warnings.length ? 'pair-warned' : ''),
            pair(t('attempts'), t('attempts_of', { n: attempts, most }),
                attempts >= most - 1 ? 'pair-warned' : ''),
            pair(t('declared'), t(view.declared ? 'declared_yes' : 'declared_no'))));
}

function person({ member }) {
    const fields = MEMBER_KEYS.map((key) => member.fields.find((field) => field.key === key))
        .filter((field) => field?.value);

    return h('section', { class: 'card facts-card' },
        h('h2', {}, t('member')),
        h('dl', { class: 'pairs' },
            pair(t('user_type'), typeWord(member.user_type)),
            pair(t('member_status'), label(member.status)),
            fields.map((field) => pair(label(field), showDate(pick(field, 'value'))))));
}

function history(view) {
    const before = view.member.cases.filter((one) => one.photo_id !== view.photo_id);

    return h('section', { class: 'card facts-card' },
        h('h2', {}, t('history')),
        before.length
            ? h('ol', { class: 'past' }, before.map((one) => h('li', { class: `past-${one.state}` },
                h('strong', {}, stateWord(one.state)), ' ',
                h('span', { class: 'aside' }, showTime(one.at)),
                pick(one, 'reason') ? h('span', { class: 'past-reason' }, pick(one, 'reason')) : null)))
            : h('p', { class: 'aside' }, t('history_first')));
}

export const factsOf = (view) => [verdict(view), person(view), history(view)];
