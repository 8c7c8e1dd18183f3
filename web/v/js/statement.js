/*
 * What stands behind the # of a check page's address: a code, or the signed
 * statement of a certificate as one decimal number.  Nothing here proves
 * anything: hash.js checks the signature.  Strict: what is not exactly of
 * this form is none.
 *
 *   0       version, 1                 15..16  date, days since 2000-01-01
 *   1..4    key id                     17..36  SHA-256 of the photo, cut
 *   5..14   code                       then    number, name, category
 *   last 64 ECDSA P-256 r, s over what is before
 *
 * Depends on nothing; runs in the page and under Node.
 */

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const OLD_CODE = /^[\w-]{22}$/;
const DIGITS = /^[1-9]\d{60,519}$/;
const LONGEST_INPUT = 600;
const LEAST_BYTES = 37 + 3 + 64;
const DAY_MS = 86400000;
const FIRST_DAY = Date.UTC(2000, 0, 1);

/* Controls, and letters that turn the direction of others around. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/* The code as the service has it, from what was typed or scanned; null. */
export function readCode(text) {
    const typed = text.trim();
    const code = typed.normalize('NFKC').replace(/[\s\u2010-\u2015-]/g, '').toUpperCase()
        .replace(/[IL]/g, '1').replace(/O/g, '0');

    return (CODE.test(code) && code) || (OLD_CODE.test(typed) && typed) || null;
}

/* For people: groups of four. */
export const showCode = (code) => (CODE.test(code) ? code.match(/.{4}/g).join('-') : code);

function codeOf(bytes) {
    let bits = bytes.reduce((all, byte) => all << 8n | BigInt(byte), 0n);
    let code = '';

    for (let i = 0; i < 16; i += 1, bits >>= 5n) {
        code = LETTERS[Number(bits & 31n)] + code;
    }

    return code;
}

/* UTF-16 whose pairs are whole; null. */
function utf16(bytes) {
    let text = '';

    for (let i = 0; i < bytes.length; i += 2) {
        text += String.fromCharCode(bytes[i] << 8 | bytes[i + 1]);
    }

    return bytes.length % 2 || /\p{Cs}/u.test(text) ? null : text;
}

function utf8(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return null;
    }
}

function packed(bytes) {
    const digits = hex(bytes);

    return /^\d+f?$/.test(digits) ? digits.replace('f', '') : null;
}

const KINDS = [utf8, utf16, packed, utf16];
const CUT = 3;

/* { text, cut, next } of the string at "at"; null. */
function stringAt(bytes, at, end) {
    if (at >= end) {
        return null;
    }

    const kind = bytes[at] >> 6;
    const next = at + 1 + (bytes[at] & 63);
    const text = next <= end ? KINDS[kind](bytes.subarray(at + 1, next)) : null;

    return text === null || UNSEEN.test(text) ? null : { text, cut: kind === CUT, next };
}

function bytesOf(digits) {
    const text = BigInt(digits).toString(16);
    const even = text.length % 2 ? `0${text}` : text;

    return Uint8Array.from(even.match(/../g), (two) => parseInt(two, 16));
}

/*
 * { key, code, date, photo, number, name, category, signed, signature } of
 * the digits, or null.  The three strings are { text, cut }; key and photo
 * are hexadecimal, the date is "2026-11-23".
 */
export function readStatement(digits) {
    const bytes = DIGITS.test(digits) ? bytesOf(digits) : [];
    const end = bytes.length - 64;

    if (bytes.length < LEAST_BYTES || bytes[0] !== 1) {
        return null;
    }

    const number = stringAt(bytes, 37, end);
    const name = number && stringAt(bytes, number.next, end);
    const category = name && stringAt(bytes, name.next, end);

    if (!category || category.next !== end || number.cut) {
        return null;
    }

    const days = bytes[15] << 8 | bytes[16];

    return {
        key: hex(bytes.subarray(1, 5)),
        code: codeOf(bytes.subarray(5, 15)),
        date: new Date(FIRST_DAY + days * DAY_MS).toISOString().slice(0, 10),
        photo: hex(bytes.subarray(17, 37)),
        number, name, category,
        signed: bytes.subarray(0, end),
        signature: bytes.subarray(end)
    };
}

/*
 * What was scanned, pasted or typed, with or without the address around it:
 * { code } or { code, statement, digits }; null where it is neither.
 */
export function readInput(text) {
    const plain = text.length <= LONGEST_INPUT ? text.slice(text.indexOf('#') + 1).trim() : '';
    const statement = readStatement(plain);

    if (statement) {
        return { code: statement.code, statement, digits: plain };
    }

    const code = readCode(plain);

    return code && { code };
}
