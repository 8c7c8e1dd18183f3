'use strict';

/* Files that are no portrait: a clear message at once, never a hang. */

const zlib = require('node:zlib');

const { canvas, file, scene } = require('../lib/pictures.js');

const NUMBER = '330000010004';
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const u32 = (n) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];

/* zlib.crc32() came with a later Node. */
function crc(bytes) {
    let sum = 0xffffffff;

    for (const byte of bytes) {
        sum ^= byte;

        for (let i = 0; i < 8; i += 1) {
            sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
        }
    }

    return (sum ^ 0xffffffff) >>> 0;
}

function chunk(name, data) {
    const body = Buffer.concat([Buffer.from(name), Buffer.from(data)]);

    return Buffer.concat([Buffer.from(u32(data.length)), body, Buffer.from(u32(crc(body)))]);
}

/* A grey PNG that is right in every byte; "more" goes before the pixels. */
const png = (width, height, ...more) => Buffer.concat([SIGNATURE,
    chunk('IHDR', [...u32(width), ...u32(height), 1, 0, 0, 0, 0]), ...more,
    chunk('IDAT', zlib.deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))),
    chunk('IEND', [])]);

/* Two frames of 200x250, one colour. */
function gif() {
    const frame = [0x2c, 0, 0, 0, 0, 200, 0, 250, 0, 0, 2, 2, 0x44, 1, 0];

    return Buffer.from([...Buffer.from('GIF89a'), 200, 0, 250, 0, 0x80, 0, 0,
        255, 255, 255, 0, 0, 0, ...frame, ...frame, 0x3b]);
}

module.exports = async ({ assert, browser, demo, test }) => {
    const member = await browser.member();
    const { page } = member;

    await member.watchPut();
    await member.enter(NUMBER);
    await page.locator('#upload').click();

    /* What the page says, and that it said so at once. */
    async function refused(name, bytes) {
        const begun = Date.now();

        await page.locator('dialog input[type=file]').setInputFiles(file(name, '', bytes));
        await page.locator('dialog .drop-words').getByText(name).waitFor();
        await page.locator('dialog .unfit').waitFor();
        assert.ok(Date.now() - begun < 5000, 'within five seconds');
        assert.equal(await page.locator('dialog .stage').count(), 0);

        return member.text('dialog .unfit');
    }

    const large = await scene(page, demo.portrait(25), { width: 1200, height: 1600 });

    await test('I10 a file of no bytes', async () => {
        assert.match(await refused('empty.jpg', Buffer.alloc(0)), /文件是空的（0 字节）/);
    });

    await test('I10 100 megapixels in 12 KB: refused by its header, not decoded', async () => {
        assert.match(await refused('bomb.png', png(10000, 10000)),
            /照片为 10000×10000（100 百万像素），最多处理 60 百万像素/);
        assert.match(await refused('long.png', png(20000, 300)), /每边 16384 像素/);
    });

    await test('I10 48 megapixels are worked on in a smaller copy, told in their own pixels',
        async () => {
            await page.locator('dialog input[type=file]').setInputFiles(
                file('large.png', 'image/png', png(6000, 8000)));
            await page.locator('dialog .fit-verdict:is(.good, .bad, .warn)').waitFor();
            assert.match(await member.text('dialog .fit-numbers'), /6000×8000\s+178×220/);
            assert.match(await member.text('dialog .fit-notes'), /取自原照片 6000×741[56] 像素/);
        });

    await test('I10 a moving picture: GIF with two frames, PNG with animation', async () => {
        assert.match(await refused('two.gif', gif()), /动态图片，不能用作证件照片/);
        assert.match(await refused('moving.png', png(400, 500,
            chunk('acTL', [...u32(2), ...u32(0)]))), /动态图片/);
    });

    await test('I10 S28 broken files: cut off anywhere in the head, noise, no picture at all',
        async () => {
            for (const length of [2, 3, 20, 200, 600]) {
                assert.match(await refused(`cut-${length}.jpg`, large.subarray(0, length)),
                    /照片文件已损坏/, `${length} bytes`);
            }

            assert.match(await refused('noise.jpg', Buffer.concat([large.subarray(0, 700),
                Buffer.alloc(30000, 0x5a)])), /照片文件已损坏/);
            assert.match(await refused('notes.jpg', Buffer.from('no picture, only words')),
                /浏览器无法打开这种文件/);
            assert.match(await refused('drawing.svg',
                Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), /无法打开这种文件/);
        });

    await test('I10 headers that lie or lead out of the file are read without a fault', async () => {
        const verdict = await page.evaluate(async (data) => {
            const { readHeader } = await import('/js/fit/header.js');
            const whole = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const heads = ['\xff\xd8\xff\xe1', '\x89PNG', 'GIF89a', 'RIFF....WEBPVP8X', 'BM',
                '....ftypheic', '....ftypavif', '....ftyp', ''];
            let seed = 1;

            for (let n = 0; n < 4000; n += 1) {
                const bytes = n % 2 ? whole.slice(0, 400) : new Uint8Array(n % 97 + 1);

                for (let i = 0; i < 24; i += 1) {
                    seed = (seed * 48271) % 2147483647;
                    bytes[seed % bytes.length] = seed >> 8;
                }

                bytes.set([...heads[n % heads.length]].map((c) => c.charCodeAt(0))
                    .slice(0, bytes.length));
                readHeader(bytes);
            }

            return readHeader(whole);
        }, large.toString('base64'));

        assert.deepEqual([verdict.kind, verdict.width, verdict.height], ['JPEG', 1200, 1600]);
    });

    await test('I10 none of them was sent larger than the rules allow; a good one still works',
        async () => {
            assert.ok((await member.puts()).every(({ bytes }) => bytes.length <= 20480));
            await page.locator('dialog input[type=file]').setInputFiles(
                file('good.png', 'image/png', await canvas(page, large, 'image/png', 600, 800)));
            await page.locator('dialog .fit-verdict.good').waitFor();
            await member.leave();
        });
};
