/*
 * The photo rules (S27-S32): in the manual's words, with the institute's
 * numbers, and as a table of what the check found.
 * Depends on dom.js, problem.js, site.js, text.js.
 */

import { h } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { wordsOf } from './problem.js';

const KIB = 1024;

/* The numbers as the words need them; 10,000-20,480 bytes are 10-20 K. */
function numbers() {
    const { min, max, width, height, dpi } = site().photo;

    return {
        min, max, width, height, dpi, low: Math.ceil(min / KIB), high: Math.floor(max / KIB)
    };
}

export function ruleWords() {
    return h('ul', { class: 'rules' }, ['rule_words_1', 'rule_words_2', 'rule_words_3']
        .map((key) => h('li', {}, t(key, numbers()))));
}

/* Which rule a fault of the service breaks; the last row takes the rest. */
const ROWS = [
    ['kind', ['photo_not_jpeg', 'photo_truncated', 'photo_damaged', 'photo_trailing',
        'photo_coding', 'photo_scans']],
    ['size', ['photo_size', 'photo_too_large', 'body_size']],
    ['pixels', ['photo_pixels']],
    ['dpi', ['photo_dpi', 'photo_dpi_missing']],
    ['other', null]
];

/* After one of these the service looked no further. */
const ENDS = ['photo_not_jpeg', 'photo_too_large', 'body_size', 'photo_truncated'];

const MARKS = { met: '✓', broken: '✗', open: '–' };

export function ruleOf(error) {
    const found = ROWS.find(([, codes]) => codes?.includes(error.code));

    return found ? found[0] : 'other';
}

function stateOf(name, mine, errors, measured) {
    if (mine.length) {
        return 'broken';
    }

    const ended = errors.some((error) => ENDS.includes(error.code));

    return ended && !measured ? 'open' : 'met';
}

/*
 * "measured" is what the browser itself knows of the file, by row name; a
 * rule the check did not come to is shown as not checked.
 */
export function ruleTable(errors, measured) {
    return h('table', { class: 'check-table' },
        h('thead', {}, h('tr', {},
            h('th', { scope: 'col' }, t('rule')), h('th', { scope: 'col' }, t('rule_result')))),
        h('tbody', {}, ROWS.map(([name]) => {
            const mine = errors.filter((error) => ruleOf(error) === name);
            const state = stateOf(name, mine, errors, measured[name]);

            return h('tr', { class: state, 'data-rule': name },
                h('th', { scope: 'row' }, t(`rule_${name}`),
                    h('span', { class: 'aside' }, t(`rule_${name}_want`, numbers()))),
                h('td', {}, h('div', { class: 'finding' },
                    h('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[state]),
                    h('span', {},
                        h('strong', {}, t(`rule_${state}`)),
                        mine.length
                            ? mine.map((error) => h('span', { class: 'fault' }, wordsOf(error)))
                            : h('span', { class: 'aside' }, measured[name] || '')))));
        })));
}
