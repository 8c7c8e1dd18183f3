#!/usr/bin/env node
'use strict';

/*
 * The certificate in viewers beside poppler and mupdf (t/proto/document.t):
 * pdfium, alone and in Chromium's own viewer, pdf.js, as Firefox has it, and
 * ghostscript, as many printers do.  Each finds each name to the letter and
 * draws it as FreeType does (S16, S17, I08).
 *
 * MEMBERCERT_NAMES=file (a name a line) takes other names, as many as wanted.
 */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { Browser } = require('./lib/browser.js');
const { comment, done, skipAll, test } = require('./lib/tap.js');
const { Chromium, Ghostscript, PdfJs, Pdfium, run } = require('./lib/viewers.js');

const TOP = path.join(__dirname, '..', '..');
const BUILD = process.env.MEMBERCERT_BUILD || path.join(TOP, 'build');
const PAGE_HEIGHT = 841.89;
const DPI = 600;
const OWN = 9;          // per cent of a name's ink that may differ, unless the viewer says more
const OTHER = 20;       // ... that differ from another name, at least
const COUNT = 30;

const missing = Browser.missing();

if (missing) {
    skipAll(missing);
}

/* { file, name, size, lines: [{ x, y, width, tracking, text }] } */
async function certificates(dir) {
    const wanted = process.env.MEMBERCERT_NAMES
        ? fs.readFileSync(process.env.MEMBERCERT_NAMES, 'utf8').split('\n').filter(Boolean) : [];
    const { stdout } = await run(path.join(BUILD, 'render'), [dir, ...wanted],
        { maxBuffer: 16 * 1024 * 1024, timeout: 600_000 });
    const all = stdout.trim().split('\n').map((row) => {
        const [file, name, size, ...lines] = row.split('\t');

        return { file, name, size: Number(size), lines: lines.map((line) => {
            const [x, y, width, tracking, first, count] = line.split(' ').map(Number);

            return { x, y, width, tracking, text: [...name].slice(first, first + count).join('') };
        }) };
    });

    if (wanted.length) {
        return all;
    }

    /* a third from each part of the list: every kind of name is among them */
    return all.filter((one, i) => Math.floor(i * COUNT / all.length)
        !== Math.floor((i - 1) * COUNT / all.length));
}

function cutOut(size, { x, y, width }, dpi) {
    const pixels = dpi / 72;

    return {
        left: Math.floor(x * pixels) - 20,
        top: Math.floor((PAGE_HEIGHT - y - 0.96 * size) * pixels) - 4,
        width: Math.ceil(width * pixels) + 60,
        height: Math.ceil(size * 1.22 * pixels) + 8,
    };
}

/* Another name of the same length that shares no letter in its place. */
function another(name, all) {
    const letters = [...name];
    const other = all.map((one) => [...one.name]).find((one) =>
        one.length === letters.length && one.every((letter, i) => letter !== letters[i]));

    return other?.join('') ?? letters.map((letter) =>
        String.fromCodePoint(letter.codePointAt(0) >= 0x3400 ? 0x4E00 + letter.codePointAt(0) * 7 % 5000
            : letter === '·' ? 0xB7 : 97 + letter.codePointAt(0) * 5 % 26)).join('');
}

/* What share of the ink differs: from the line's own text, and another. */
async function differs(viewer, page, line, all, dir) {
    const dpi = viewer.dpi ?? DPI;
    const box = cutOut(page.size, line, dpi);
    const image = path.join(dir, `${viewer.name}.pgm`);

    fs.writeFileSync(image, Buffer.concat([Buffer.from(`P5\n${box.width} ${box.height}\n255\n`),
        await viewer.cut(page.file, box, dpi)]));

    const { stdout } = await run(path.join(BUILD, 'inkdiff'), [image, dpi, box.left, box.top, page.size,
        line.tracking, line.x, line.y, line.text, another(line.text, all)]);
    const [own, other] = stdout.trim().split('\n').map(Number);

    return { own, other };
}

async function look(viewer, pages, dir) {
    const texts = [];
    const wrong = [];
    const worst = { own: 0, name: '' };

    for (const page of pages.filter((one, i) => i % (viewer.every ?? 1) === 0)) {
        const text = (await viewer.text?.(page.file))?.replace(/\s+/g, '');

        if (text !== undefined && (!viewer.planes || !/[\u{10000}-\u{10FFFF}]/u.test(page.name))
            && !text.includes(`兹证明${page.name}为本会非执业会员`.replace(/\s+/g, ''))) {
            texts.push(page.name);
        }

        for (const line of page.lines) {
            const { own, other } = await differs(viewer, page, line, pages, dir);

            if (!(own <= (viewer.own ?? OWN)) || !(other >= (viewer.other ?? OTHER))) {
                wrong.push(`${line.text}: ${own} %, another name ${other} %`);
            }

            if (own > worst.own) {
                Object.assign(worst, { own, name: line.text });
            }
        }
    }

    comment(`${viewer.name}: at most ${worst.own} % differ (${worst.name})`);

    return { texts, wrong };
}

async function main() {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'membercert-viewers-'));
    const browser = new Browser();

    try {
        await browser.start();

        const pages = await certificates(dir);

        await test('S16 enough names, the long one and the rare ones among them', () => {
            assert.ok(pages.length >= COUNT, `${pages.length}`);
        });

        for (const viewer of [new Pdfium(), new Chromium(browser), new PdfJs(browser),
            new Ghostscript()]) {
            await test(`S17 I08 ${viewer.name} finds each name and draws it as FreeType does`, async () => {
                await viewer.start();

                const { texts, wrong } = await look(viewer, pages, dir);

                await viewer.stop();
                assert.deepEqual(texts, [], 'found to the letter');
                assert.deepEqual(wrong, [], 'drawn right');
            });
        }
    } finally {
        await browser.stop();
        fs.rmSync(dir, { recursive: true });
    }
}

main().catch((error) => test('the tests could run', () => { throw error; }))
    .finally(done);
