/*
 * All uploads of a member, newest first; one that waits leads to its case.
 * Depends on words.js, the site's dom.js, text.js.
 */

import { h } from '/js/dom.js';
import { pick, showTime, t } from '/js/text.js';
import { stateWord } from './words.js';

export function historyTable(cases, onreview) {
    if (!cases.length) {
        return h('p', { class: 'aside' }, t('history_none'));
    }

    const heads = ['history_time', 'history_state', 'history_reason'];

    return h('table', { class: 'past-table' },
        h('thead', {}, h('tr', {}, heads.map((key) => h('th', { scope: 'col' }, t(key))))),
        h('tbody', {}, cases.map((one) => h('tr', {},
            h('td', {}, showTime(one.at)),
            h('td', {}, h('span', { class: `state case-${one.state}` }, stateWord(one.state))),
            h('td', {}, one.state === 'review'
                ? h('button', {
                    type: 'button', class: 'plain', onclick: () => onreview(one.photo_id)
                }, t('member_review'))
                : pick(one, 'reason'))))));
}
