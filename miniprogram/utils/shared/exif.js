/*
 * The few values of Exif the helper needs, and the one it hands on: when
 * the picture was taken, so that the service's rule on its age still holds
 * for a picture drawn anew.
 * Depends on nothing.
 * Source: Exif 2.3 section 4.6; TIFF 6.0 section 2.
 */

const ORIENTATION = 0x0112;
const X_RESOLUTION = 0x011a;
const UNIT = 0x0128;
const EXIF = 0x8769;
const ORIGINAL = 0x9003;
const DIGITIZED = 0x9004;
const DATE_LENGTH = 20;
const ENTRIES_MAX = 512;
const DATE = /^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/;

const same = (bytes, at, text) =>
    [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));

/* Where the TIFF structure begins, in any container; -1: nowhere. */
function find(bytes) {
    for (let at = bytes.indexOf(0x45); at >= 0; at = bytes.indexOf(0x45, at + 1)) {
        if (same(bytes, at, 'Exif\0\0')
            && (same(bytes, at + 6, 'II*\0') || same(bytes, at + 6, 'MM\0*'))) {
            return at + 6;
        }
    }

    return -1;
}

/* tag -> offset of its value */
function directory(view, at, little) {
    const entries = new Map();
    const count = Math.min(view.getUint16(at, little), ENTRIES_MAX);

    for (let i = 0; i < count; i += 1) {
        const entry = at + 2 + i * 12;

        entries.set(view.getUint16(entry, little), entry + 8);
    }

    return entries;
}

function resolution(view, base, first, little) {
    if (!first.has(X_RESOLUTION)) {
        return null;
    }

    const at = base + view.getUint32(first.get(X_RESOLUTION), little);
    const value = view.getUint32(at, little) / view.getUint32(at + 4, little);
    const unit = first.has(UNIT) ? view.getUint16(first.get(UNIT), little) : 2;

    return Number.isFinite(value) && value > 0 && (unit === 2 || unit === 3)
        ? Math.round(unit === 3 ? value * 2.54 : value) : null;
}

function taken(view, base, first, little) {
    if (!first.has(EXIF)) {
        return null;
    }

    const second = directory(view, base + view.getUint32(first.get(EXIF), little), little);
    const entry = second.get(ORIGINAL) ?? second.get(DIGITIZED);

    if (entry === undefined) {
        return null;
    }

    const at = base + view.getUint32(entry, little);
    const text = String.fromCharCode(...Array.from({ length: DATE_LENGTH - 1 },
        (_, i) => view.getUint8(at + i)));

    return DATE.test(text) ? text : null;
}

/* { orientation, dpi, date } or null; throws RangeError where it is cut. */
export function readExif(bytes, view) {
    const base = find(bytes);

    if (base < 0) {
        return null;
    }

    const little = bytes[base] === 0x49;
    const first = directory(view, base + view.getUint32(base + 4, little), little);

    return {
        orientation: first.has(ORIENTATION)
            ? view.getUint16(first.get(ORIENTATION), little) : 1,
        dpi: resolution(view, base, first, little),
        date: taken(view, base, first, little)
    };
}

/* An APP1 segment that holds "YYYY:MM:DD HH:MM:SS" and nothing else. */
export function dateSegment(date) {
    const head = [0xff, 0xe1, 0, 72, 0x45, 0x78, 0x69, 0x66, 0, 0];
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
    const first = [0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0];
    const second = [0, 1, 0x90, 0x03, 0, 2, 0, 0, 0, DATE_LENGTH, 0, 0, 0, 44, 0, 0, 0, 0];
    const text = [...date].map((c) => c.charCodeAt(0));

    return Uint8Array.from([...head, ...tiff, ...first, ...second, ...text, 0]);
}
