/*
 * The photo rules (S27-S32): the institute's numbers as the words need them,
 * what the phone itself sees of a picture, and the table of what was found.
 * Depends on problem.js, site.js, text.js.
 */

import { wordsOf } from './problem.js';
import { site } from './site.js';
import { grouped, t } from './text.js';

const KIB = 1024;

/* 10,000-20,480 bytes are 10-20 K. */
export function ruleNumbers() {
    const { min, max, width, height, dpi } = site().photo;

    return {
        min, max, width, height, dpi, low: Math.ceil(min / KIB), high: Math.floor(max / KIB)
    };
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
    const found = ROWS.find(([, codes]) => codes && codes.includes(error.code));

    return found ? found[0] : 'other';
}

/* By row: what the phone measured. */
function measuredOf(seen) {
    return {
        kind: seen.kind === 'JPEG' ? 'JPG' : '',
        size: t('rule_size_has', { n: grouped(seen.size) }),
        pixels: seen.width ? t('rule_pixels_want', seen) : '',
        dpi: seen.dpi >= site().photo.dpi ? t('fit_dpi', { n: seen.dpi }) : ''
    };
}

/* The faults the phone can see, worded like the service's. */
export function faultsOf(seen) {
    const { min, max, width, height, dpi } = site().photo;
    const faults = [];
    const add = (code, detail) => faults.push({ code, detail, detail_en: detail });

    if (seen.kind !== 'JPEG') {
        add('photo_not_jpeg', t('not_jpeg', { kind: seen.kind || t('unknown_kind') }));
    }

    if (seen.size > max || seen.size < min) {
        add('photo_too_large', t('wrong_size', { n: seen.size, min, max }));
    }

    if (seen.width && (seen.width !== width || seen.height !== height)) {
        add('photo_pixels', t('wrong_pixels', {
            measured: `${seen.width}×${seen.height}`, allowed: `${width}×${height}`
        }));
    }

    if (seen.dpi && seen.dpi < dpi) {
        add('photo_dpi', t('wrong_dpi', { measured: seen.dpi, min: dpi }));
    }

    return faults;
}

/* The rows for components/rule-table. */
export function ruleRows(errors, seen) {
    const measured = measuredOf(seen);
    const ended = errors.some((error) => ENDS.includes(error.code));

    return ROWS.map(([name]) => {
        const mine = errors.filter((error) => ruleOf(error) === name);
        const state = mine.length ? 'broken' : ended && !measured[name] ? 'open' : 'met';

        return {
            name, state, mark: MARKS[state], title: t(`rule_${name}`),
            words: t(`rule_${state}`), want: t(`rule_${name}_want`, ruleNumbers()),
            faults: mine.length ? mine.map(wordsOf) : []
        };
    });
}
