#!/usr/bin/env node
'use strict';

/*
 * pictures.js SHOTS: the mini program's pictures of docs/manual.md, from a
 * folder MEMBERCERT_SHOTS of mini.t filled.  375 wide, in as many colours as
 * fit into 60 kB: drawn in Chromium, written here (PNG, palette).
 */

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const TO = path.join(__dirname, '../../docs/manual');
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const WIDTH = 375;
const MOST = 60000;
const COLOURS = [256, 192, 128, 96, 64, 48, 32];
const PALETTE_KIND = 3;
const SHOTS = [
    '1.1-2-login', '1.2-1-home', '1.2-2-confirm', '1.2-3-home', '1.2-4-prompt-none', '1.2-5-no-photo',
    '1.2-6-upload', '1.2-7-source', '1.2-8-succeeded', '1.2-9-failed', '1.2-10-downloaded', '1.3-1-profile'
];

const fileOf = (shot) => `${/^\d\.\d-\d+/.exec(shot)[0]}.png`;

/* In the page: RGBA of the picture, made smaller in steps by the canvas. */
async function drawn([data, width]) {
    const image = new Image();

    image.src = `data:image/png;base64,${data}`;
    await image.decode();

    const canvas = document.createElement('canvas');
    const height = Math.round(image.naturalHeight * width / image.naturalWidth);

    Object.assign(canvas, { width, height });

    const pen = canvas.getContext('2d', { alpha: false });

    pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, 0, 0, width, height);

    const { data: rgba } = pen.getImageData(0, 0, width, height);
    let text = '';

    for (let i = 0; i < rgba.length; i += 8192) {
        text += String.fromCharCode(...rgba.subarray(i, i + 8192));
    }

    return { height, rgba: btoa(text) };
}

/* Distinct colours with how often they stand there: [r, g, b, n]. */
function counted(rgba) {
    const counts = new Map();

    for (let i = 0; i < rgba.length; i += 4) {
        const key = rgba.readUIntBE(i, 3);

        counts.set(key, (counts.get(key) || 0) + 1);
    }

    return [...counts].map(([key, n]) => [key >> 16, (key >> 8) & 255, key & 255, n]);
}

/* The widest channel of a box, and how much it matters. */
function spread(box) {
    const widths = [0, 1, 2].map((c) => {
        const values = box.map((one) => one[c]);

        return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
    });
    const widest = Math.max(...widths);

    return {
        box, channel: widths.indexOf(widest),
        weight: widest ** 2 * Math.sqrt(box.reduce((sum, one) => sum + one[3], 0))
    };
}

/* Median cut; a box becomes its mean. */
function palette(colours, most) {
    const boxes = [spread(colours)];

    while (boxes.length < most) {
        boxes.sort((a, b) => a.weight - b.weight);

        const { box, channel, weight } = boxes.at(-1);

        if (weight === 0) {
            break;
        }

        boxes.pop();
        box.sort((a, b) => a[channel] - b[channel]);

        const middle = (box[0][channel] + box.at(-1)[channel]) / 2;
        const at = box.findIndex((one) => one[channel] > middle);

        boxes.push(spread(box.slice(0, at)), spread(box.slice(at)));
    }

    return boxes.map(({ box }) => {
        const total = box.reduce((sum, one) => sum + one[3], 0);

        return { box, mean: [0, 1, 2].map((c) => Math.round(box.reduce((sum, one) => sum + one[c] * one[3], 0) / total)) };
    });
}

/* zlib's own is not in every Debian's node. */
function crc32(bytes) {
    let crc = 0xffffffff;

    for (const byte of bytes) {
        crc ^= byte;

        for (let bit = 0; bit < 8; bit += 1) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }

    return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);

    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);

    return out;
}

function png(rgba, width, height, boxes) {
    const index = new Map();

    boxes.forEach(({ box }, i) => box.forEach(([r, g, b]) => index.set((r << 16) | (g << 8) | b, i)));

    const rows = Buffer.alloc(height * (width + 1));    // each begins with filter 0

    for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
            rows[y * (width + 1) + x + 1] = index.get(rgba.readUIntBE((y * width + x) * 4, 3));
        }
    }

    const head = Buffer.alloc(13);

    head.writeUInt32BE(width);
    head.writeUInt32BE(height, 4);
    head.set([8, PALETTE_KIND, 0, 0, 0], 8);

    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
        chunk('PLTE', Buffer.from(boxes.flatMap(({ mean }) => mean))),
        chunk('IDAT', zlib.deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

async function picture(page, shot, from) {
    const data = fs.readFileSync(path.join(from, `${shot}.png`)).toString('base64');
    const { height, rgba } = await page.evaluate(drawn, [data, WIDTH]);
    const pixels = Buffer.from(rgba, 'base64');
    const colours = counted(pixels);

    for (const most of COLOURS) {
        const made = png(pixels, WIDTH, height, palette(colours, most));

        if (made.length <= MOST) {
            fs.writeFileSync(path.join(TO, fileOf(shot)), made);
            console.log(`${fileOf(shot)} ${WIDTH}x${height} ${made.length} bytes, ${most} colours`);
            return;
        }
    }

    throw new Error(`${shot} does not fit into ${MOST} bytes`);
}

async function main([from]) {
    if (!from) {
        throw new Error('usage: pictures.js SHOTS');
    }

    const { chromium } = require('playwright-core');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });

    try {
        const page = await browser.newPage();

        fs.mkdirSync(TO, { recursive: true });

        for (const shot of SHOTS) {
            await picture(page, shot, from);
        }
    } finally {
        await browser.close();
    }
}

main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
