'use strict';

/*
 * Statements made by hand, byte by byte, as the format's description says:
 * what the check page reads must not depend on the code that writes.
 */

const { createHash, generateKeyPairSync, sign } = require('node:crypto');

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LABEL = Buffer.from('membercert statement 1');
const FIRST_DAY = Date.UTC(2000, 0, 1);
const DAY_MS = 86400000;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256'))
    .digest();

/* A key pair: { id, x, y } as GET keys has it, and the private half. */
function makeKey() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);

    return { id: sha256(point).subarray(0, 4).toString('hex'), x, y, privateKey };
}

const codeBytes = (code) => Buffer.from(BigInt(`0b${[...code].map((letter) =>
    LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('')}`).toString(16).padStart(20, '0'), 'hex');

const head = (kind, bytes) => Buffer.concat([Buffer.from([kind << 6 | bytes.length]), bytes]);
const utf8 = (text) => head(0, Buffer.from(text));
const utf16 = (text, cut = false) => head(cut ? 3 : 1, Buffer.from(text, 'utf16le').swap16());
const packed = (digits) => head(2, Buffer.from(digits.length % 2 ? `${digits}f` : digits, 'hex'));

const dayOf = (date) => Math.round((Date.parse(date) - FIRST_DAY) / DAY_MS);

/* The bytes before the signature. */
function body({ key, code, date, photo, number, name, category, version = 1 }) {
    const day = Buffer.alloc(2);

    day.writeUInt16BE(dayOf(date));

    return Buffer.concat([Buffer.from([version]), Buffer.from(key.id, 'hex'), codeBytes(code), day,
        sha256(photo).subarray(0, 20), number, name, category]);
}

const toDigits = (bytes) => BigInt(`0x${bytes.toString('hex')}`).toString();

function signed(bytes, key) {
    const signature = sign('sha256', Buffer.concat([LABEL, bytes]),
        { key: key.privateKey, dsaEncoding: 'ieee-p1363' });

    return toDigits(Buffer.concat([bytes, signature]));
}

module.exports = { body, makeKey, packed, sha256, signed, toDigits, utf16, utf8 };
