/*
 * What the browser itself can say of a chosen file.  The service's check is
 * the one that counts; this speaks where the file is too large to be sent,
 * and fills in what was measured where the rule is met.
 * Depends on fit/open.js, site.js, text.js.
 */

import { headerOf } from '../fit/open.js';
import { site } from '../site.js';
import { t } from '../text.js';

/* { kind, size, width, height, dpi, date, url }; the caller revokes url. */
export async function look(file) {
    return { ...await headerOf(file), size: file.size, url: URL.createObjectURL(file) };
}

/* By row of the rule table. */
export function measuredOf(seen) {
    return {
        kind: seen.kind === 'JPEG' ? 'JPG' : '',
        size: t('rule_size_has', { n: seen.size.toLocaleString('en') }),
        pixels: seen.width ? t('rule_pixels_want', seen) : '',
        dpi: seen.dpi >= site().photo.dpi ? t('fit_dpi', { n: seen.dpi }) : ''
    };
}

/* A file too large, or empty, is not sent at all. */
export const notToSend = (seen) => seen.size > site().photo.max || !seen.size;

/* The faults the browser can see, worded like the service's. */
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
