#!/usr/bin/env node
'use strict';

/*
 * What the check page reads from outside (X05): codes, statements, PDFs; all
 * of it may be anything.  No browser.
 */

const assert = require('node:assert/strict');
const { webcrypto } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { body, makeKey, packed, sha256, signed, toDigits, utf16, utf8 } = require('./lib/statement.js');
const { done, test } = require('./lib/tap.js');

const SITE = path.resolve(__dirname, '../../web/v/js');
const FILES = ['hash.js', 'pdf.js', 'statement.js'];
const CODE = '0123456789ABCDEF';
const ROUNDS = 20000;

/* what a browser has; node from its version 19 on */
globalThis.crypto ??= webcrypto;

/* Node takes them for modules where a package says so. */
function copyModules() {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'membercert-js-'));

    fs.writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}');
    FILES.forEach((name) => fs.copyFileSync(path.join(SITE, name), path.join(dir, name)));

    return dir;
}

/* The same numbers in every run. */
function dice(seed) {
    let state = seed;

    return (most) => {
        state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;

        return (state >>> 8) % most;
    };
}

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(400, 0x5a), Buffer.from([0xff, 0xd9])]);

/* A PDF with pictures: [bytes, filter, where the length stands]. */
function pdf(pictures, { head = '%PDF-1.7\n', tail = 'trailer\n<</Size 9>>\nstartxref\n9\n%%EOF\n' } = {}) {
    const parts = [head, '1 0 obj\n<</Type/Catalog>>\nendobj\n'];

    pictures.forEach(([bytes, filter = '/DCTDecode', apart = false], i) => {
        const id = 10 + i * 2;

        parts.push(`${id} 0 obj\n<</Type/XObject/Subtype /Image/Width 178/Height 220/ColorSpace/DeviceRGB`
            + `/BitsPerComponent 8/Filter ${filter} /Length ${apart ? `${id + 1} 0 R` : bytes.length}>>\nstream\n`,
        bytes, '\nendstream\nendobj\n', apart ? `${id + 1} 0 obj\n${bytes.length}\nendobj\n` : '');
    });

    return Buffer.concat([...parts, tail].map((part) => Buffer.from(part)));
}

async function statements({ readCode, readInput, readStatement, showCode }, { signature }) {
    const key = makeKey();
    const plain = {
        key, code: CODE, date: '2026-11-23', photo: jpeg, number: packed('330000010001'),
        name: utf8('Lin Xiaolan'), category: utf16('个人会员')
    };
    const make = (more) => signed(body({ ...plain, ...more }), key);
    const read = (more) => readStatement(make(more));

    await test('X05 a statement is read byte by byte as it was written', () => {
        const found = read();

        assert.equal(found.key, key.id);
        assert.equal(found.code, CODE);
        assert.equal(found.date, '2026-11-23');
        assert.equal(found.photo, sha256(jpeg).toString('hex').slice(0, 40));
        assert.deepEqual([found.number, found.name, found.category].map(({ text, cut }) => [text, cut]),
            [['330000010001', false], ['Lin Xiaolan', false], ['个人会员', false]]);
        assert.ok(make().length <= 520);
    });

    await test('X05 its strings come as UTF-8, UTF-16, digits of any count, or cut', () => {
        for (const [name, text, cut] of [[utf8('林晓岚'), '林晓岚', false], [utf16('𠮷䶮·阿'), '𠮷䶮·阿', false],
            [utf16('阿依古丽', true), '阿依古丽', true], [packed('123'), '123', false], [utf8(''), '', false]]) {
            const found = read({ name }).name;

            assert.deepEqual([found.text, found.cut], [text, cut]);
        }

        assert.equal(read({ date: '2000-01-01' }).date, '2000-01-01');
        assert.equal(read({ date: '2179-06-06' }).date, '2179-06-06');
        assert.equal(read({ code: 'ZZZZZZZZZZZZZZZZ' }).code, 'ZZZZZZZZZZZZZZZZ');
    });

    await test('X05 what is not exactly such a statement is none', () => {
        const bytes = Buffer.concat([body(plain), Buffer.alloc(64, 7)]);
        const lonely = Buffer.from([1 << 6 | 2, 0xd8, 0x00]);
        const bad = Buffer.from([2, 0xff, 0xfe]);

        assert.ok(readStatement(toDigits(bytes)));

        for (const [why, digits] of [
            ['nothing', ''], ['short', '1'.repeat(60)], ['long', '1'.repeat(521)], ['a zero before', `0${make()}`],
            ['a blank', `${make()} `], ['a sign', `-${make()}`], ['full-width digits', make().replace('1', '１')],
            ['other version', make({ version: 2 })], ['number cut', make({ number: utf16('12', true) })],
            ['half a pair', make({ name: lonely })], ['odd UTF-16', make({ name: Buffer.from([1 << 6 | 1, 0x4e]) })],
            ['no UTF-8', make({ name: bad })], ['letters as digits', make({ number: Buffer.from([2 << 6 | 1, 0xab]) })],
            ['F in between', make({ number: Buffer.from([2 << 6 | 2, 0x1f, 0x11]) })],
            ['turned letters', make({ name: utf8('林\u202e晓岚') })], ['a control', make({ name: utf8('林\n') })],
            ['a byte too much', toDigits(Buffer.concat([body(plain), Buffer.alloc(65, 7)]))],
            ['a byte too few', toDigits(bytes.subarray(0, -1))],
            ['a string past the end', make({ category: Buffer.from([63, 65]) })],
            ['the signature alone', toDigits(Buffer.alloc(104, 1))]
        ]) {
            assert.equal(readStatement(digits), null, why);
        }
    });

    await test('X05 the signature proves what was read; any changed digit is found or unreadable', async () => {
        const digits = make();
        const other = makeKey();

        assert.equal(await signature(readStatement(digits), [other, key]), 'true');
        assert.equal(await signature(readStatement(digits), [{ ...other, id: key.id }]), 'false');
        assert.equal(await signature(readStatement(digits), [other]), 'no_key');
        assert.equal(await signature(readStatement(digits), [{ id: key.id, x: '', y: 7 }]), 'false');
        assert.equal(await signature(readStatement(digits), null), 'no_keys');

        for (let i = 0; i < digits.length; i += 1) {
            const changed = digits.slice(0, i) + (Number(digits[i]) + 1) % 10 + digits.slice(i + 1);
            const found = readStatement(changed);

            assert.ok(!found || await signature(found, [key]) !== 'true', `digit ${i}`);
        }
    });

    await test('X05 fuzz: no digits and no bytes make the reader fail, or proved', async () => {
        const at = dice(7);
        const whole = Buffer.concat([body(plain), Buffer.alloc(64, 9)]);
        let read = 0;

        for (let n = 0; n < ROUNDS; n += 1) {
            const bytes = Buffer.from(whole.subarray(0, whole.length - (at(4) ? 0 : at(60))));

            for (let i = at(6); i >= 0; i -= 1) {
                bytes[at(bytes.length)] = at(256);
            }

            const found = readStatement(toDigits(bytes));

            if (found) {
                read += 1;
                assert.match(found.date, /^\d{4}-\d\d-\d\d$/);
                assert.equal(readCode(found.code), found.code);
            }
        }

        assert.ok(read > ROUNDS / 20 && read < ROUNDS, String(read));
    });

    await test('X05 a code is read in any case, with dashes, blanks, full width, I L and O', () => {
        for (const text of ['0123-4567-89AB-CDEF', ' 0123456789abcdef ', 'o1234567 89ab cdef', 'Oi23–4567—89ab-cdef',
            '０１２３４５６７８９ＡＢＣＤＥＦ', 'OL23456789ABCDEF']) {
            assert.equal(readCode(text), CODE, text);
        }

        assert.equal(readCode('AbCdEfGhIjKlMnOpQrSt_-'), 'AbCdEfGhIjKlMnOpQrSt_-');
        assert.equal(showCode(CODE), '0123-4567-89AB-CDEF');

        for (const text of ['', '0123', `${CODE}0`, 'U123456789ABCDEF', '<script>alert(1)</script>', '../../etc/passwd']) {
            assert.equal(readCode(text), null, text);
        }
    });

    await test('X05 an address is read as what stands behind its #', () => {
        const digits = make();

        assert.deepEqual(readInput(`https://cert.example.org/v/#${CODE}`), { code: CODE });
        assert.equal(readInput(`https://cert.example.org/v/#${digits}`).digits, digits);
        assert.equal(readInput(digits).code, CODE);
        assert.equal(readInput('9'.repeat(100000)), null);
        assert.equal(readInput(`#${'A'.repeat(700)}`), null);
        assert.equal(readInput(''), null);
    });
}

async function pdfs({ LARGEST, readPdf }) {
    const found = (bytes) => readPdf(bytes)?.pictures.map((one) => one && Buffer.from(one));

    await test('X05 the pictures of a PDF are found, their length in place or apart', () => {
        assert.deepEqual(found(pdf([[jpeg], [jpeg, '[ /DCTDecode ]', true]])), [jpeg, jpeg]);
        assert.deepEqual(found(pdf([])), []);
        assert.deepEqual(found(pdf([[jpeg, '/FlateDecode']])), [null]);
        assert.deepEqual(found(pdf([[jpeg, '[/FlateDecode /DCTDecode]']])), [null]);
        assert.deepEqual(found(pdf([[Buffer.alloc(500, 1)]])), [null]);
    });

    await test('X05 malformed, encrypted, huge: none is read', () => {
        const good = pdf([[jpeg]]);
        const text = good.toString('latin1');
        const changed = (from, to) => found(Buffer.from(text.replace(from, to), 'latin1'));

        for (const [why, bytes] of [
            ['nothing', Buffer.alloc(0)], ['no head', Buffer.from(text.slice(5), 'latin1')],
            ['no end', good.subarray(0, -10)], ['huge', Buffer.concat([good, Buffer.alloc(LARGEST)])],
            ['encrypted', Buffer.from(text.replace('<</Size 9>>', '<</Size 9/Encrypt 4 0 R>>'), 'latin1')],
            ['no stream', Buffer.from(text.replace(/stream/g, 'strom'), 'latin1')],
            ['a long dictionary', Buffer.from(text.replace('/Width', `/X(${'y'.repeat(3000)})/Width`), 'latin1')],
            ['too many', pdf(Array(17).fill([jpeg]))]
        ]) {
            assert.equal(readPdf(bytes), null, why);
        }

        assert.deepEqual(changed(`/Length ${jpeg.length}`, '/Length 99999999'), [null]);
        assert.deepEqual(changed(`/Length ${jpeg.length}`, '/Length 200'), [null]);
        assert.deepEqual(changed(`/Length ${jpeg.length}`, '/Length 10 0 R'), [null]);
        assert.deepEqual(changed(`/Length ${jpeg.length}`, ''), [null]);
        assert.deepEqual(changed('\nendstream', ' nedstream'), [null]);
    });

    await test('X05 fuzz: no bytes make the search fail, and none takes long', () => {
        const at = dice(11);
        const whole = pdf([[jpeg], [jpeg, '/DCTDecode', true]]);
        const words = ['/Subtype/Image', ' obj', 'stream\n', '/Length ', '/Filter/DCTDecode', '1 0 R', 'endstream', '\r'];

        for (let n = 0; n < ROUNDS / 4; n += 1) {
            const bytes = Buffer.from(whole);

            for (let i = at(8); i >= 0; i -= 1) {
                const word = at(2) ? words[at(words.length)] : String.fromCharCode(at(256));

                bytes.write(word, at(bytes.length), 'latin1');
            }

            const answer = readPdf(bytes);

            assert.ok(answer === null || answer.pictures.length <= 16);
        }

        for (const word of words.slice(0, 4)) {
            const began = Date.now();
            const hostile = Buffer.concat([Buffer.from('%PDF-1.7 obj\n'),
                Buffer.from(word.repeat(Math.floor(LARGEST / word.length) - 20)), Buffer.from('%%EOF')]);

            assert.ok(hostile.length <= LARGEST);
            readPdf(hostile);
            assert.ok(Date.now() - began < 2000, word);
        }
    });
}

async function main(dir) {
    const load = (name) => import(pathToFileURL(path.join(dir, name)).href);

    await statements(await load('statement.js'), await load('hash.js'));
    await pdfs(await load('pdf.js'));
}

const dir = copyModules();

main(dir).catch((error) => test('the tests could run', () => { throw error; }))
    .finally(() => fs.rmSync(dir, { recursive: true, force: true }))
    .finally(done);
