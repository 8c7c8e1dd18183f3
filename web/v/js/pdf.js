/*
 * The pictures of a PDF, by a search over its bytes: each image object that
 * says what it is between "obj" and "stream".  No object is followed but the
 * one that may hold a picture's length, nothing is unpacked, and everything
 * is bounded; what cannot be read so is "cannot be read".
 *
 * Depends on nothing; runs in the page and under Node.
 */

export const LARGEST = 5 << 20;

const HEAD = 1024;              // where "%PDF-" may stand
const TAIL = 2048;              // where "%%EOF" has to
const DICTIONARY = 2048;        // longest of a picture
const MOST = 16;                // pictures looked at
const LEAST_JPEG = 100;

const latin1 = new TextDecoder('latin1');

/* The number in object "id"; the last one of that name counts. */
function numberIn(text, id) {
    const at = text.lastIndexOf(`\n${id} 0 obj`);
    const found = at < 0 ? null
        : /^\n\d+ 0 obj\s{1,4}(\d{1,8})\s/.exec(text.slice(at, at + 64));

    return found ? Number(found[1]) : -1;
}

function lengthOf(text, dictionary) {
    const [, number, indirect] = /\/Length\s{1,4}(\d{1,8})(\s{1,4}\d{1,5}\s{1,4}R)?/
        .exec(dictionary) || [];

    if (number === undefined) {
        return -1;
    }

    return indirect ? numberIn(text, number) : Number(number);
}

/*
 * The bytes of the picture whose dictionary ends with "stream" at "at": null
 * where they are not a JPEG of the length that is said.
 */
function jpegAt(bytes, text, dictionary, at) {
    const from = at + 6 + (text[at + 6] === '\r' ? 2 : 1);
    const length = lengthOf(text, dictionary);
    const jpeg = bytes.subarray(from, from + length);

    return length >= LEAST_JPEG && text[from - 1] === '\n'
        && /^\s{0,2}endstream/.test(text.slice(from + length, from + length + 12))
        && jpeg[0] === 0xff && jpeg[1] === 0xd8 ? jpeg : null;
}

const IS_JPEG = /\/Filter\s{0,4}(\[\s{0,4})?\/DCTDecode\b/;

/*
 * { pictures } with the bytes of each JPEG and null for each picture of
 * another kind; null where the file cannot be read.
 */
export function readPdf(bytes) {
    if (bytes.length > LARGEST) {
        return null;
    }

    const text = latin1.decode(bytes);

    if (!text.slice(0, HEAD).includes('%PDF-') || !text.slice(-TAIL).includes('%%EOF')
        || /\/Encrypt\b/.test(text)) {
        return null;
    }

    const pictures = [];
    const image = /\/Subtype\s{0,4}\/Image\b/g;

    for (let found = image.exec(text); found; found = image.exec(text)) {
        const begin = text.lastIndexOf(' obj', found.index);
        const end = text.indexOf('stream', found.index);

        if (begin < 0 || end < 0 || end - begin > DICTIONARY || pictures.length === MOST) {
            return null;
        }

        const dictionary = text.slice(begin, end);

        pictures.push(IS_JPEG.test(dictionary) ? jpegAt(bytes, text, dictionary, end) : null);
        image.lastIndex = end;
    }

    return { pictures };
}
