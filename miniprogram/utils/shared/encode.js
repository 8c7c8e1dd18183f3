/*
 * A canvas as the JPEG the rules ask for: the highest quality that fits, a
 * recorded density, and where even the best is too small, one comment.
 * Depends on exif.js.
 * Source: ITU-T T.81 B.1.1.3; JFIF 1.02; spec S29, S31, I10.
 */

import { dateSegment } from './exif.js';

const KIB = 1024;
const K = 1000;
const GOOD = 90;            // below this the colour profile has to make room
const COMMENT_MAX = 65533;
const COMMENT = 'Filled up to the least size the photo rules allow. ';

const APP0 = 0xe0;
const APP2 = 0xe2;
const COM = 0xfe;

/* 10-20 K whichever K is meant: 10,240 to 20,000 bytes. */
export function range({ min, max }) {
    const low = Math.max(min, Math.ceil(min / KIB) * KIB);
    const high = Math.min(max, Math.floor(max / KIB) * K);

    return low <= high ? { low, high } : { low: min, high: max };
}

function jpegOf(canvas, quality) {
    return new Promise((resolve, reject) => {
        canvas.toBlob(async (blob) => (blob?.type === 'image/jpeg'
            ? resolve(new Uint8Array(await blob.arrayBuffer()))
            : reject(new Error('this browser writes no JPEG'))), 'image/jpeg', quality / 100);
    });
}

function join(parts) {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));

    parts.reduce((at, part) => {
        bytes.set(part, at);

        return at + part.length;
    }, 0);

    return bytes;
}

function jfif(dpi) {
    const density = [dpi >> 8, dpi & 0xff];

    return Uint8Array.from([0xff, APP0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 1,
        ...density, ...density, 0, 0]);
}

function comment(size) {
    const length = Math.min(COMMENT_MAX, Math.max(1, size - 4));
    const segment = new Uint8Array(length + 4).map((_, i) =>
        (i < 4 ? 0 : COMMENT.charCodeAt((i - 4) % COMMENT.length)));

    segment.set([0xff, COM, (length + 2) >> 8, (length + 2) & 0xff]);

    return segment;
}

/* The file with a JFIF segment of ours, the date, without what is dropped. */
function finish(jpeg, { dpi, date, drop }) {
    const kept = [];
    let at = 2;

    while (jpeg[at] === 0xff && ((jpeg[at + 1] & 0xf0) === 0xe0 || jpeg[at + 1] === COM)) {
        const end = at + 2 + (jpeg[at + 2] << 8) + jpeg[at + 3];

        if (jpeg[at + 1] !== APP0 && !drop.includes(jpeg[at + 1])) {
            kept.push(jpeg.subarray(at, end));
        }

        at = end;
    }

    return [jpeg.subarray(0, 2), jfif(dpi), ...(date ? [dateSegment(date)] : []), ...kept,
        jpeg.subarray(at)];
}

const sizeOf = (parts) => parts.reduce((sum, part) => sum + part.length, 0);

/* The highest quality that fits, by halves: seven encodings at most. */
async function highest(canvas, high, wishes) {
    let best = null;
    let [low, above] = [0, 101];

    while (low < above) {
        const quality = (low + above) >> 1;
        const parts = finish(await jpegOf(canvas, quality), wishes);

        if (sizeOf(parts) <= high) {
            best = { quality, parts };
            low = quality + 1;
        } else {
            above = quality;
        }
    }

    return best;
}

/*
 * "rules" has min, max and dpi; "date" is handed on.  Answers { bytes,
 * quality, added }: added is the size of the comment, 0 for none.
 */
export async function encode(canvas, rules, date) {
    const { low, high } = range(rules);
    const wishes = { dpi: rules.dpi, date, drop: [] };
    let best = await highest(canvas, high, wishes);

    if (!best || best.quality < GOOD) {
        best = await highest(canvas, high, { ...wishes, drop: [APP2] });
    }

    if (!best) {
        throw new Error('no quality fits');
    }

    const lack = low - sizeOf(best.parts);

    if (lack > 0) {
        best.parts.splice(2, 0, comment(lack));
    }

    return {
        bytes: join(best.parts), quality: best.quality,
        added: lack > 0 ? best.parts[2].length : 0
    };
}
