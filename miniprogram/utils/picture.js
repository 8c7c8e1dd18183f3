/*
 * From a chosen file to a picture that can be cut: what is too large, too
 * small, moving or broken is refused with the reason.
 * Depends on api.js, shared/, scale.js, text.js.
 */

import { readFile } from './api.js';
import { readHeader } from './shared/header.js';
import { upright } from './scale.js';
import { t } from './text.js';

const FILE_MAX = 32 * 1024 * 1024;
const PIXELS_MAX = 40e6;
const SIDE_MAX = 12000;
const MIB = 1048576;

/* Not to be used, and why, in words. */
export class Unfit {
    constructor(key, values = {}) {
        this.words = t(key, values);
    }
}

const short = (n) => String(Math.round(n * 10) / 10);

/* { path, size, bytes, kind, width, height, dpi, date, animated } */
export async function look({ path, size }) {
    const none = { path, size, bytes: null, ...readHeader(new Uint8Array(0)) };

    if (!size || size > FILE_MAX) {
        return none;
    }

    try {
        const bytes = await readFile(path);

        return { path, size: bytes.byteLength, bytes, ...readHeader(new Uint8Array(bytes)) };
    } catch (error) {
        return none;
    }
}

function refuse({ size, kind, width, height, animated }) {
    if (!size) {
        throw new Unfit('unfit_empty');
    }

    if (size > FILE_MAX) {
        throw new Unfit('unfit_heavy', { n: short(size / MIB), max: FILE_MAX / MIB });
    }

    if (!kind || !width || !height) {
        throw new Unfit(kind === 'JPEG' || kind === 'PNG' ? 'unfit_broken' : 'unfit_kind');
    }

    if (animated) {
        throw new Unfit('unfit_animated');
    }

    if (width * height > PIXELS_MAX || Math.max(width, height) > SIDE_MAX) {
        throw new Unfit('unfit_vast', {
            measured: `${width}×${height}`, n: short(width * height / 1e6),
            max: PIXELS_MAX / 1e6, side: SIDE_MAX
        });
    }
}

/* The largest cut of the wanted shape has to have the wanted pixels. */
function refuseSmall({ width, height }, wanted) {
    const side = Math.min(width, height * wanted.width / wanted.height);

    if (side < wanted.width - 0.5) {
        throw new Unfit('unfit_small', {
            measured: `${width}×${height}`,
            cut: `${Math.floor(side)}×${Math.floor(side * wanted.height / wanted.width)}`,
            allowed: `${wanted.width}×${wanted.height}`
        });
    }
}

/*
 * Some phones draw a picture as its pixels lie and not as Exif says: seen by
 * a width that is the header's height, it is given the quarter turn.
 */
function missedTurn(picture, seen) {
    return (picture.width > picture.height) !== (seen.width > seen.height)
        && seen.width !== seen.height ? 1 : 0;
}

/* Upright, to be shown and cut: { path, width, height }.  Throws Unfit. */
export async function openPicture(canvas, seen, wanted) {
    refuse(seen);

    let picture = null;

    try {
        picture = await upright(canvas, seen.path, 0);

        if (missedTurn(picture, seen)) {
            picture = await upright(canvas, seen.path, 1);
        }
    } catch (error) {
        throw new Unfit(error.message === 'slow' ? 'unfit_slow'
            : seen.kind === 'HEIC' ? 'unfit_heic' : 'unfit_broken');
    }

    refuseSmall(picture, wanted);

    return picture;
}
