/*
 * What the browser itself can say of a chosen file: what it is by its first
 * bytes, how large, how many pixels.  The service's check is the one that
 * counts; this speaks where the file is too large to be sent, and fills in
 * what was measured where the rule is met.
 * Depends on site.js, text.js.
 */

import { site } from '../site.js';
import { t } from '../text.js';

const HEADS = [
    ['PNG', [0x89, 0x50, 0x4e, 0x47]], ['GIF', [0x47, 0x49, 0x46]],
    ['BMP', [0x42, 0x4d]], ['PDF', [0x25, 0x50, 0x44, 0x46]],
    ['TIFF', [0x49, 0x49, 0x2a]], ['TIFF', [0x4d, 0x4d, 0]]
];

function kindOf(bytes) {
    const at = (from, text) => [...text].every((c, i) => bytes[from + i] === c.charCodeAt(0));

    if (bytes[0] === 0xff && bytes[1] === 0xd8) {
        return 'JPEG';
    }

    if (at(4, 'ftyphei') || at(4, 'ftypmif')) {
        return 'HEIC';
    }

    if (at(8, 'WEBP')) {
        return 'WebP';
    }

    const found = HEADS.find(([, head]) => head.every((byte, i) => bytes[i] === byte));

    return found ? found[0] : '';
}

function pixelsOf(url) {
    return new Promise((resolve) => {
        const image = new Image();

        image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
        image.onerror = () => resolve(null);
        image.src = url;
    });
}

/* { kind, size, pixels: [w, h] or null, url }; the caller revokes url. */
export async function look(file) {
    const url = URL.createObjectURL(file);
    const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());

    return { kind: kindOf(head), size: file.size, pixels: await pixelsOf(url), url };
}

/* By row of the rule table. */
export function measuredOf(seen) {
    return {
        kind: seen.kind === 'JPEG' ? 'JPG' : '',
        size: t('rule_size_has', { n: seen.size.toLocaleString('en') }),
        pixels: seen.pixels
            ? t('rule_pixels_want', { width: seen.pixels[0], height: seen.pixels[1] }) : ''
    };
}

/* A file this large is not sent at all. */
export const tooLargeToSend = (seen) => seen.size > site().photo.max;

/* The faults the browser can see, worded like the service's. */
export function faultsOf(seen) {
    const { min, max, width, height } = site().photo;
    const faults = [];
    const add = (code, detail) => faults.push({ code, detail, detail_en: detail });

    if (seen.kind !== 'JPEG') {
        add('photo_not_jpeg', t('not_jpeg', { kind: seen.kind || t('unknown_kind') }));
    }

    if (seen.size > max || seen.size < min) {
        add('photo_too_large', t('wrong_size', { n: seen.size, min, max }));
    }

    if (seen.pixels && (seen.pixels[0] !== width || seen.pixels[1] !== height)) {
        add('photo_pixels', t('wrong_pixels', {
            measured: seen.pixels.join('×'), allowed: `${width}×${height}`
        }));
    }

    return faults;
}
