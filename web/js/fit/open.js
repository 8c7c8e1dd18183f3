/*
 * From a file to a picture that can be cut: what is too large, too small,
 * moving or broken is refused with the reason before the page could hang.
 * Depends on header.js.
 */

import { readHeader } from './header.js';

const FILE_MAX = 64 * 1024 * 1024;
const PIXELS_MAX = 60e6;
const SIDE_MAX = 16384;
const WORK_MAX = 16e6;      // what every browser can draw on one canvas
const TIME_MS = 15000;

/* Not to be used, and why: a key of the dictionary and its values. */
export class Unfit extends Error {
    constructor(key, values = {}) {
        super(key);
        this.key = key;
        this.values = values;
    }
}

/* What the file says of itself; all unknown where it is not even read. */
export async function headerOf(file) {
    const size = file.size > FILE_MAX ? 0 : file.size;

    try {
        return readHeader(new Uint8Array(await file.slice(0, size).arrayBuffer()));
    } catch {
        return readHeader(new Uint8Array(0));
    }
}

const shorten = (n) => n.toLocaleString('en', { maximumFractionDigits: 1 });

function refuse(file, { kind, width, height, animated }) {
    if (!file.size) {
        throw new Unfit('unfit_empty');
    }

    if (file.size > FILE_MAX) {
        throw new Unfit('unfit_heavy', {
            n: shorten(file.size / 1048576), max: FILE_MAX / 1048576
        });
    }

    if (!kind || !width || !height) {
        throw new Unfit(kind === 'JPEG' || kind === 'PNG' ? 'unfit_broken' : 'unfit_kind');
    }

    if (animated) {
        throw new Unfit('unfit_animated');
    }

    if (width * height > PIXELS_MAX || Math.max(width, height) > SIDE_MAX) {
        throw new Unfit('unfit_vast', {
            measured: `${width}×${height}`, n: shorten(width * height / 1e6),
            max: PIXELS_MAX / 1e6, side: SIDE_MAX
        });
    }
}

/* The largest cut of the wanted shape has to have the wanted pixels. */
function refuseSmall(width, height, wanted) {
    const side = Math.min(width, height * wanted.width / wanted.height);

    if (side < wanted.width - 0.5) {
        throw new Unfit('unfit_small', {
            measured: `${width}×${height}`,
            cut: `${Math.floor(side)}×${Math.floor(side * wanted.height / wanted.width)}`,
            allowed: `${wanted.width}×${wanted.height}`
        });
    }
}

/* Browsers that do not know the option turn the picture in an <img>. */
async function decodeImage(file) {
    const image = new Image();
    const url = URL.createObjectURL(file);

    try {
        image.src = url;
        await image.decode();

        return await createImageBitmap(image);
    } finally {
        URL.revokeObjectURL(url);
    }
}

async function decode(file, { kind, width, height }) {
    const options = { imageOrientation: 'from-image' };

    if (width * height > WORK_MAX) {
        options.resizeWidth = Math.floor(width * Math.sqrt(WORK_MAX / (width * height)));
        options.resizeQuality = 'high';
    }

    try {
        return await createImageBitmap(file, options);
    } catch (error) {
        if (error instanceof TypeError || kind === 'HEIC') {
            return decodeImage(file);
        }

        throw error;
    }
}

function inTime(promise) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Unfit('unfit_slow')), TIME_MS);

        promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
}

/*
 * The picture upright, at most 16 megapixels of it; "wanted" is the shape
 * and size to be cut.  Throws Unfit.
 */
export async function openPicture(file, header, wanted) {
    refuse(file, header);

    let bitmap;

    try {
        bitmap = await inTime(decode(file, header));
    } catch (error) {
        throw error instanceof Unfit ? error
            : new Unfit(header.kind === 'HEIC' ? 'unfit_heic' : 'unfit_broken');
    }

    refuseSmall(bitmap.width, bitmap.height, wanted);

    return bitmap;
}
