#!/usr/bin/env node
'use strict';

/*
 * Modules of the site that need no browser: SHA-256, the search for a proof
 * of work, how strong a password looks.
 */

const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { done, test } = require('./lib/tap.js');

const SITE = path.resolve(__dirname, '../../web/js');
const FILES = ['sha256.js', 'proof-search.js', 'strength.js'];

/* Node takes them for modules where a package says so. */
function copyModules() {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'membercert-js-'));

    fs.writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}');
    FILES.forEach((name) => fs.copyFileSync(path.join(SITE, name), path.join(dir, name)));

    return dir;
}

const hex = (text) => createHash('sha256').update(text).digest('hex');

function zeroBits(digest) {
    return digest.length * 4 - BigInt(`0x${digest}`).toString(2).length
        + (/^0+$/.test(digest) ? 1 : 0);
}

async function main(dir) {
    const load = (name) => import(pathToFileURL(path.join(dir, name)).href);
    const { Digest, sha256 } = await load('sha256.js');
    const { Search } = await load('proof-search.js');
    const { bitsOf, classesOf, lengthOf, levelOf } = await load('strength.js');
    const bytes = (text) => new TextEncoder().encode(text);

    await test('SHA-256 gives the digests of FIPS 180-4', () => {
        assert.equal(sha256(bytes('')),
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
        assert.equal(sha256(bytes('abc')),
            'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
        assert.equal(sha256(bytes('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')),
            '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
        assert.equal(sha256(bytes('a'.repeat(1000000))),
            'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
    });

    await test('SHA-256 agrees with another one for every length around a block', () => {
        for (let n = 0; n <= 260; n += 1) {
            const text = 'x'.repeat(n);

            assert.equal(sha256(bytes(text)), hex(text), `${n} bytes`);
        }
    });

    await test('a digest begun once is right for every ending, again and again', () => {
        for (const size of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 200]) {
            const prefix = 'p'.repeat(size);
            const digest = new Digest(bytes(prefix), 20);

            for (const tail of ['', '7', '42', '9'.repeat(20), '0']) {
                digest.room.set(bytes(tail), digest.from);

                const words = [...digest.digest(tail.length)]
                    .map((word) => word.toString(16).padStart(8, '0')).join('');

                assert.equal(words, hex(prefix + tail), `${size} and ${tail}`);
            }
        }
    });

    await test('I03 the proof of work is the first number with so many zero bits', () => {
        for (const [id, bits] of [['a', 0], ['a', 8], ['A_-z'.repeat(50), 12], ['x'.repeat(63), 14]]) {
            const search = new Search({ id, bits });
            const answer = search.step(1 << 20);

            assert.match(answer, /^(0|[1-9]\d{0,19})$/);
            assert.ok(zeroBits(hex(`${id}:${answer}`)) >= bits);
            assert.equal(search.tried, Number(answer) + 1);

            for (let n = 0; n < Math.min(Number(answer), 3000); n += 1) {
                assert.ok(zeroBits(hex(`${id}:${n}`)) < bits, `${id}:${n} was passed over`);
            }
        }
    });

    await test('I03 in small steps it finds the same, and says how far it is', () => {
        const challenge = { id: 'steps', bits: 12 };
        const whole = new Search(challenge).step(1 << 20);
        const search = new Search(challenge);
        let answer = null;
        let share = 0;

        while (answer === null) {
            answer = search.step(7);
            assert.ok(search.share() > share && search.share() < 1);
            share = search.share();
        }

        assert.equal(answer, whole);
    });

    await test('a password is weak where a guesser begins', () => {
        for (const weak of ['1234567890', 'qwertyuiop', 'aaaaaaaaaaaaaaaa', 'password1234',
            'woaini5201314', 'abcabcabcabcabc', '1990199019901990', '330000010001']) {
            assert.equal(levelOf(weak, ['330000010001']), 1, weak);
        }
    });

    await test('a password is strong where he has nothing to begin with', () => {
        for (const strong of ['green harbour velvet nine', '青山依旧在 几度夕阳红', 'T7#vq-9LmZ!x2']) {
            assert.equal(levelOf(strong), 4, `${strong}: ${bitsOf(strong)}`);
        }

        assert.equal(levelOf(''), 0);
        assert.ok(levelOf('harbour velvet') > levelOf('harbour'));
    });

    await test('letters are counted as people do; classes as the stricter profile does', () => {
        assert.equal(lengthOf('密码𠮷a'), 4);
        assert.deepEqual(['abc', 'aB', 'aB3', 'aB3-', '密码', 'a密'].map(classesOf), [1, 2, 3, 4, 1, 2]);
    });
}

const dir = copyModules();

main(dir).catch((error) => test('the tests could run', () => { throw error; }))
    .finally(() => fs.rmSync(dir, { recursive: true, force: true }))
    .finally(done);
