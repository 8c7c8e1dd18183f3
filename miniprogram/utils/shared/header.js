/*
 * What a picture file says of itself, before anything is decoded: kind,
 * pixels, dots per inch, more than one frame.  Every offset of the file is
 * checked (a DataView throws), every loop advances through bytes there are.
 * Depends on exif.js.
 * Source: JFIF 1.02; PNG 3rd edition 5; GIF89a; RFC 9649; ISO/IEC 23008-12.
 */

import { readExif } from './exif.js';

const INCH = 0.0254;
const CM_PER_INCH = 2.54;
const HEIF_HEAD = 1 << 18;

const letters = (view, at, text) =>
    [...text].every((c, i) => view.getUint8(at + i) === c.charCodeAt(0));

/* SOF0-15 without DHT, JPG and DAC. */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf
    && ![0xc4, 0xc8, 0xcc].includes(marker);

function jfifDpi(view, at) {
    const unit = view.getUint8(at + 7);
    const x = Math.min(view.getUint16(at + 8), view.getUint16(at + 10));

    return unit && x ? Math.round(unit === 2 ? x * CM_PER_INCH : x) : null;
}

function jpeg(view) {
    let dpi = null;

    for (let at = 2; ;) {
        const marker = view.getUint8(at + 1);

        if (view.getUint8(at) !== 0xff || marker === 0xda) {
            return null;
        }

        if (marker === 0xff) {
            at += 1;
            continue;
        }

        if (isFrame(marker)) {
            return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), dpi };
        }

        if (marker === 0xe0 && letters(view, at + 4, 'JFIF')) {
            dpi = jfifDpi(view, at + 4);
        }

        at += 2 + Math.max(2, view.getUint16(at + 2));
    }
}

function png(view) {
    const found = { width: view.getUint32(16), height: view.getUint32(20), dpi: null };

    for (let at = 8; !letters(view, at + 4, 'IDAT');) {
        if (letters(view, at + 4, 'acTL')) {
            found.animated = true;
        }

        if (letters(view, at + 4, 'pHYs') && view.getUint8(at + 16) === 1) {
            found.dpi = Math.round(view.getUint32(at + 8) * INCH) || null;
        }

        at += 12 + view.getUint32(at);
    }

    return found;
}

const tableSize = (flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

function gif(view) {
    const found = { width: view.getUint16(6, true), height: view.getUint16(8, true), dpi: null };
    let frames = 0;

    for (let at = 13 + tableSize(view.getUint8(10)); view.getUint8(at) !== 0x3b;) {
        if (view.getUint8(at) === 0x2c) {
            frames += 1;
            at += 11 + tableSize(view.getUint8(at + 9));
        } else {
            at += 2;
        }

        if (frames > 1) {
            return { ...found, animated: true };
        }

        while (view.getUint8(at)) {
            at += 1 + view.getUint8(at);
        }

        at += 1;
    }

    return found;
}

function webp(view) {
    const three = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);

    if (letters(view, 12, 'VP8X')) {
        return {
            width: three(24) + 1, height: three(27) + 1, dpi: null,
            animated: (view.getUint8(20) & 2) !== 0
        };
    }

    if (letters(view, 12, 'VP8L')) {
        const bits = view.getUint32(21, true);

        return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, dpi: null };
    }

    return {
        width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff,
        dpi: null
    };
}

function bmp(view) {
    return {
        width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)),
        dpi: Math.round(view.getInt32(38, true) * INCH) || null
    };
}

/* The largest of the extents: tiles and thumbnails have theirs as well. */
function heif(view) {
    const found = { width: 0, height: 0, dpi: null };

    found.animated = letters(view, 8, 'avis') || letters(view, 8, 'hevc');

    for (let at = 8; at < Math.min(view.byteLength - 16, HEIF_HEAD); at += 1) {
        if (letters(view, at, 'ispe') && view.getUint32(at + 8) > found.width) {
            found.width = view.getUint32(at + 8);
            found.height = view.getUint32(at + 12);
        }
    }

    return found;
}

const HEIF = ['heic', 'heix', 'heim', 'heis', 'hevc', 'mif1', 'msf1'];

const KINDS = [
    ['JPEG', 0, ['\xff\xd8'], jpeg], ['PNG', 0, ['\x89PNG'], png],
    ['GIF', 0, ['GIF8'], gif], ['WebP', 8, ['WEBP'], webp], ['BMP', 0, ['BM'], bmp],
    ['HEIC', 8, HEIF, heif], ['AVIF', 8, ['avif', 'avis'], heif],
    ['TIFF', 0, ['II*\0', 'MM\0*']], ['PDF', 0, ['%PDF']]
];

function attempt(read) {
    try {
        return read();
    } catch (error) {
        if (error instanceof RangeError) {
            return null;
        }

        throw error;
    }
}

/*
 * { kind, width, height, dpi, date, animated }: kind '' where unknown, width
 * 0 where the file does not say, dpi and date null.  As seen, that is after
 * the turn Exif asks for.
 */
export function readHeader(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = KINDS.find(([, at, heads]) =>
        heads.some((head) => attempt(() => letters(view, at, head))));
    const [kind = '', , , read = () => null] = found || [];
    const exif = attempt(() => readExif(bytes, view)) || {};
    const own = attempt(() => read(view)) || { width: 0, height: 0, dpi: null };
    const turned = kind !== 'HEIC' && kind !== 'AVIF' && exif.orientation > 4;

    return {
        kind, animated: Boolean(own.animated), date: exif.date || null,
        dpi: own.dpi || exif.dpi || null,
        width: turned ? own.height : own.width, height: turned ? own.width : own.height
    };
}
