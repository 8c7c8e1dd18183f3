'use strict';

/* I10: any picture a member has becomes one that meets S27-S32. */

const { canvas, file, readJpeg, scene, withComment, withExif } = require('../lib/pictures.js');

const NUMBER = '330000010004';
const OTHER = '530000010005';
const LARGE = ['--width=1424', '--height=1760', '--max=3000000', '--quality=92'];

/* A member in front of the dialog of 【上传照片】. */
class Helper {
    constructor(member) {
        this.member = member;
        this.page = member.page;
        this.stage = this.page.locator('dialog .stage');
    }

    async open() {
        if (await this.member.dialog().count()) {
            await this.close();
        }

        await this.page.locator('#upload').click();
        await this.member.dialog().waitFor();
    }

    async close() {
        await this.page.keyboard.press('Escape');
        await this.member.dialog().waitFor({ state: 'detached' });
    }

    /* Answers the last that was checked: the helper's, or the file itself. */
    async choose(picture) {
        await this.page.locator('dialog input[type=file]').setInputFiles(picture);
        await this.page.locator('dialog .drop-words').getByText(picture.name).waitFor();
        await this.page.locator('dialog .verdict, dialog .fit-verdict:is(.good, .bad, .warn)')
            .first().waitFor();

        return (await this.member.puts()).at(-1).bytes;
    }

    /* What is made anew after something is done to the stage. */
    async after(doing) {
        const { bytes } = await this.member.put('dry_run', doing);

        await this.verdict(':is(.good, .bad)');

        return bytes;
    }

    verdict(kind) {
        return this.page.locator(`dialog .fit-verdict${kind}`).waitFor();
    }

    /* The cut in pixels of the original, as the page says it. */
    async cut() {
        const words = await this.member.text('dialog .fit-notes');

        return /(\d+)\s?×\s?(\d+)/.exec(words).slice(1).map(Number);
    }

    /* Ticks and uploads; answers the service's status and what was sent. */
    async send() {
        for (const box of await this.page.locator('dialog .ticks input').all()) {
            await box.check();
        }

        const sent = await this.member.put('declare', () =>
            this.page.locator('dialog .buttons .main').click());

        await this.page.locator('.photo-state.info').waitFor();

        return sent;
    }

    /* Colours at points of the picture, by shares of its sides. */
    colours(jpeg, points) {
        return this.page.evaluate(async ([data, places]) => {
            const image = new Image();
            const element = document.createElement('canvas');

            image.src = `data:image/jpeg;base64,${data}`;
            await image.decode();
            element.width = image.naturalWidth;
            element.height = image.naturalHeight;
            element.getContext('2d').drawImage(image, 0, 0);

            return places.map(([x, y]) => [...element.getContext('2d').getImageData(
                x * element.width, y * element.height, 1, 1).data].slice(0, 3));
        }, [jpeg.toString('base64'), points]);
    }
}

const light = (colour) => Math.min(...colour) > 235;
const dark = (colour) => Math.max(...colour) < 140;

module.exports = async ({ assert, browser, comment, demo, test }) => {
    const member = await browser.member();
    const { page } = member;
    const helper = new Helper(member);
    const portrait = demo.portrait(21, ...LARGE);

    await member.watchPut();
    await member.enter(NUMBER);

    const camera = await scene(page, portrait);

    /* Every file the helper makes. */
    function fits(jpeg) {
        const { width, height, dpi, size } = readJpeg(jpeg);

        assert.deepEqual([width, height, dpi], [178, 220, 96]);
        assert.ok(size >= 10240 && size <= 20000, `${size} bytes`);
    }

    /* Wall in both upper corners, clothes below: upright and on white. */
    async function upright(jpeg) {
        const [left, right, below] = await helper.colours(jpeg,
            [[0.03, 0.03], [0.97, 0.03], [0.3, 0.97]]);

        assert.ok(light(left) && light(right), `corners ${left} and ${right}`);
        assert.ok(dark(below), `below ${below}`);
    }

    await test('S23 I10 S29 S30 S31 a portrait of 12 megapixels is cut, fits and is accepted',
        async () => {
            await helper.open();

            const made = await helper.choose(file('IMG_2041.jpg', 'image/jpeg', camera));

            fits(made);
            await upright(made);
            await helper.verdict('.good');
            assert.match(await member.text('dialog .fit-verdict'), /照片已通过检查/);

            const closer = await helper.after(async () => {
                await page.getByRole('button', { name: '缩小' }).click();
                await page.getByRole('button', { name: '放大', exact: true }).click();
            });

            fits(closer);
            await member.shot('helper', false);

            const { status, bytes } = await helper.send();

            assert.equal(status, 202);
            assert.ok(bytes.equals(closer), 'what was checked is what was sent');
        });

    await test('I10 before a plain wall the head is found and put to the upper edge', async () => {
        for (const person of [22, 25, 26]) {
            const bytes = await scene(page, demo.portrait(person, '--width=712', '--height=880',
                '--max=1000000', '--quality=92'), { width: 900, height: 1200 });

            await helper.open();

            const made = await helper.choose(file(`wall-${person}.jpg`, 'image/jpeg', bytes));
            const [above, crown] = await helper.colours(made, [[0.5, 0.01], [0.5, 0.1]]);

            assert.ok(light(above), `${person}: wall above the head, ${above}`);
            assert.ok(!light(crown), `${person}: the head near the upper edge, ${crown}`);
        }
    });

    await test('I10 before and after: kind, bytes, pixels, dots per inch', async () => {
        await helper.open();

        const made = await helper.choose(file('IMG_2041.jpg', 'image/jpeg', camera));

        await helper.verdict('.good');

        const words = (await member.text('dialog .fit-numbers')).replace(/\s+/g, ' ');
        const bytes = (n) => n.toLocaleString('en');

        assert.match(words, new RegExp(`大小 ${bytes(camera.length)} 字节 ${bytes(made.length)} 字节`));
        assert.match(words, /像素 3000×4000 178×220/);
        assert.match(words, /分辨率 未记录 96 dpi/);
        assert.match(await member.text('dialog .fit-notes'), /JPEG 质量 \d+/);
    });

    await test('S27 S28 S32 the rules stand in the dialog, and what the original breaks', async () => {
        await page.locator('dialog .rules-box summary').click();
        assert.match(await member.text('dialog .rules-box'), /本人近1年内1寸免冠白底证件照片/);
        assert.match(await member.text('dialog .rules-box'), /禁止上传生活照、全身照/);
        await page.locator('dialog .original summary').click();
        assert.match(await member.text('dialog .original'), /照片像素为 3000×4000，要求 178×220/);
        await helper.close();
    });

    await test('S28 I10 a PNG with alpha comes out on white and is accepted', async () => {
        await helper.open();

        const made = await helper.choose(file('cutout.png', 'image/png',
            await scene(page, portrait, { width: 900, height: 1200, alpha: true })));

        fits(made);
        await upright(made);
        await helper.verdict('.good');
        assert.match(await member.text('dialog .fit-numbers'), /PNG\s+JPG/);
        assert.equal((await helper.send()).status, 202);
    });

    await test('S30 I10 a phone picture on its side (Exif 6) is turned upright and accepted',
        async () => {
            const lying = withExif(await scene(page, portrait, { turn: true }), { orientation: 6 });

            assert.equal(readJpeg(lying).width, 4000);
            await helper.open();

            const made = await helper.choose(file('lying.jpg', 'image/jpeg', lying));

            fits(made);
            await upright(made);
            await helper.verdict('.good');
            assert.match(await member.text('dialog .fit-numbers'), /3000×4000\s+178×220/);
            assert.equal((await helper.send()).status, 202);
        });

    await test('I10 one without Exif is turned by hand', async () => {
        await helper.open();
        await helper.choose(file('scan.jpg', 'image/jpeg', await scene(page, portrait,
            { width: 900, height: 1200, turn: true })));
        await helper.verdict('.good');

        const made = await helper.after(() =>
            page.getByRole('button', { name: '向右转 90 度' }).click());

        fits(made);
        await upright(made);
    });

    await test('S27 the date a camera recorded goes along: an old picture is refused', async () => {
        await helper.choose(file('old.jpg', 'image/jpeg',
            withExif(camera, { date: '2019:05:04 10:00:00' })));
        await helper.verdict('.bad');
        assert.match(await member.text('dialog .fit-verdict'), /照片拍摄于 2019.*要求近1年内/);
        await page.locator('dialog .buttons .main').click();
        assert.match(await member.text('dialog .said'), /照片尚未通过检查/);
    });

    await test('S29 I10 the floor: best quality first, then one comment, and the page says so',
        async () => {
            const made = await helper.choose(file('plain.png', 'image/png',
                await canvas(page, await canvas(page, portrait, 'image/jpeg', 1, 1),
                    'image/png', 600, 800)));
            const { comment: added, size } = readJpeg(made);

            fits(made);
            assert.ok(added > 0);
            assert.equal(size, 10240);
            assert.match(await member.text('dialog .fit-added'),
                new RegExp(`${added.toLocaleString('en')} 字节的注释以达到下限；画面没有改变`));
            assert.match(await member.text('dialog .fit-notes'), /JPEG 质量 100/);
            await helper.close();
        });

    await test('S28 a picture that fits already is offered unchanged, and can be cut all the same',
        async () => {
            const own = demo.portrait(23);

            await helper.open();
            assert.ok((await helper.choose(file('own.jpg', 'image/jpeg', own))).equals(own));
            await page.locator('dialog .verdict.good').waitFor();
            assert.match(await member.text('dialog .verdict'), /原样上传/);
            fits(await helper.after(() => page.getByRole('button', { name: '仍要裁剪' }).click()));
            await helper.choose(file('own.jpg', 'image/jpeg', own));
            await page.locator('dialog .verdict.good').waitFor();
            assert.ok((await helper.send()).bytes.equals(own));
        });

    await test('I10 drag, wheel and slider move and zoom, never past the picture', async () => {
        await helper.open();
        await helper.choose(file('IMG_2041.jpg', 'image/jpeg', camera));
        await helper.verdict('.good');

        const box = await helper.stage.boundingBox();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];

        const [start, high] = await helper.cut();

        await page.mouse.move(x, y);
        await helper.after(() => page.mouse.wheel(0, -400));

        const [width] = await helper.cut();

        assert.equal(Math.round(start / width * 100), 182);

        const before = await helper.after(() => page.mouse.wheel(0, -1));
        const dragged = await helper.after(async () => {
            await page.mouse.down();
            await page.mouse.move(x + 60, y + 50, { steps: 5 });
            await page.mouse.up();
        });

        assert.ok(!dragged.equals(before));
        await helper.after(() => page.getByRole('slider', { name: '缩放' }).fill('200'));
        assert.deepEqual(await helper.cut(), [178, 220]);
        await helper.after(() => page.getByRole('button', { name: '复位' }).click());
        assert.deepEqual(await helper.cut(), [start, high]);
        await helper.after(() => page.getByRole('slider', { name: '缩放' }).fill('0'));
        assert.deepEqual(await helper.cut(), [3000, 3708]);
        await helper.close();
    });

    await test('S23 I10 from the choice to the upload with the keyboard alone', async () => {
        const has = (selector) => page.evaluate((one) =>
            document.activeElement.matches(one), selector);

        async function tabTo(selector) {
            for (let i = 0; i < 40 && !await has(selector); i += 1) {
                await page.keyboard.press('Tab');
            }

            assert.ok(await has(selector), `${selector} is reached`);
        }

        await page.locator('#upload').focus();
        await page.keyboard.press('Enter');
        await member.dialog().waitFor();
        assert.ok(await has('input[type=file]'));
        await helper.choose(file('IMG_2041.jpg', 'image/jpeg', camera));
        await helper.verdict('.good');
        assert.ok(await has('.stage'), 'the stage has the focus');

        const [start] = await helper.cut();
        const near = await helper.after(async () => {
            for (let i = 0; i < 3; i += 1) {
                await page.keyboard.press('+');
            }
        });

        assert.ok(Math.abs((await helper.cut())[0] - start / 1.05 ** 3) < 2);
        assert.ok(!(await helper.after(() => page.keyboard.press('Shift+ArrowDown'))).equals(near));
        await tabTo('.fit-zoom input');
        await helper.after(() => page.keyboard.press('ArrowRight'));
        await tabTo('.ticks input');
        await page.keyboard.press('Space');
        await tabTo('.dialog .buttons .main');

        const { status } = await member.put('declare', () => page.keyboard.press('Enter'));

        assert.equal(status, 202);
        await page.locator('.photo-state.info').waitFor();
    });

    await test('I10 what the service warns of is told, and does not bar the upload', async () => {
        const answer = (body, status = 200) => page.context().route('**/api/photo?dry_run=1',
            (route) => route.fulfill({ status, contentType: 'application/json', body }),
            { times: 1 });

        await helper.open();
        await answer('{"warnings":[{"code":"photo_flat","detail":"对比度偏低（18）"}]}');
        await page.locator('dialog input[type=file]').setInputFiles(
            file('own.jpg', 'image/jpeg', withComment(demo.portrait(23), 30000)));
        await helper.verdict('.warn');
        assert.match(await member.text('dialog .fit-verdict'), /可以上传，但请注意[^]*对比度偏低（18）/);
        await page.locator('dialog .buttons .main').click();
        assert.match(await member.text('dialog .said'), /请先勾选照片声明/);
        await answer('', 503);
        await page.getByRole('button', { name: '放大', exact: true }).click();
        await helper.verdict('.bad');
        assert.match(await member.text('dialog .fit-verdict'), /暂时无法检查照片/);
        await helper.after(() => page.getByRole('button', { name: '重试' }).click());
        await helper.close();
        await member.leave();
    });

    await test('S23 I10 a phone of 390 pixels: 拍照 / 从手机相册选择 / 取消, pinch, nothing too small',
        async () => {
            const phone = await browser.member({
                width: 390, height: 844, hasTouch: true, isMobile: true, deviceScaleFactor: 2
            });
            const own = new Helper(phone);
            const input = phone.page.locator('dialog input[type=file]');
            const press = async (words) => {
                await phone.page.locator('dialog .drop button').click();

                const sheet = phone.page.locator('.dialog-sheet');

                assert.match(await sheet.innerText(), /拍照\s+从手机相册选择\s+取消/);
                await phone.shot('helper-phone-source', false);

                const chooser = words === '取消' ? null : phone.page.waitForEvent('filechooser');

                await sheet.getByRole('button', { name: words, exact: true }).click();
                await sheet.waitFor({ state: 'detached' });

                return chooser;
            };

            await phone.watchPut();
            await phone.enter(OTHER);
            await own.open();
            await press('取消');
            await press('拍照');
            assert.equal(await input.getAttribute('capture'), 'user');

            const chooser = await press('从手机相册选择');

            assert.equal(await input.getAttribute('capture'), null);
            await chooser.setFiles(file('IMG_2041.jpg', 'image/jpeg', camera));
            await own.verdict('.good');
            await phone.shot('helper-phone', false);
            await phone.page.locator('dialog .ticks').scrollIntoViewIfNeeded();
            await phone.shot('helper-phone-result', false);
            await own.stage.scrollIntoViewIfNeeded();

            const [start] = await own.cut();
            const { x, y, width } = await own.stage.boundingBox();
            const fingers = await phone.context.newCDPSession(phone.page);
            const touch = (type, ...apart) => fingers.send('Input.dispatchTouchEvent', {
                type, touchPoints: apart.map((dx, id) =>
                    ({ x: x + width / 2 + dx, y: y + width / 2, id }))
            });

            await own.after(async () => {
                await touch('touchStart', -40, 40);
                await touch('touchMove', -60, 60);
                await touch('touchMove', -80, 80);
                await touch('touchEnd');
            });
            assert.equal(Math.round(start / (await own.cut())[0] * 50), 100, 'twice as near');

            const sizes = await phone.page.evaluate(() => {
                const body = document.querySelector('dialog .dialog-body');

                return [document.documentElement.scrollWidth - innerWidth,
                    body.scrollWidth - body.clientWidth,
                    Math.min(...[...document.querySelectorAll('dialog .tool')].map((one) =>
                        Math.min(one.offsetWidth, one.offsetHeight)))];
            });

            assert.deepEqual(sizes.slice(0, 2), [0, 0]);
            assert.ok(sizes[2] >= 44, `a tool of ${sizes[2]} pixels`);
            await phone.leave();
        });

    await test('I16 I10 in English', async () => {
        const english = await browser.member({ locale: 'en-GB' });
        const own = new Helper(english);

        await english.watchPut();
        await english.enter(OTHER);
        await own.open();
        await own.choose(file('IMG_2041.jpg', 'image/jpeg', camera));
        await own.verdict('.good');
        assert.match(await english.text('dialog[open]'), /The photo has passed the check/);
        assert.doesNotMatch(await english.text('dialog .fit'), /[\u4e00-\u9fff]/);
        await english.shot('helper-english', false);

        const times = await english.page.evaluate(async (data) => {
            const [{ headerOf, openPicture }, { Steps }, { Crop }, { encode }] = await Promise.all(
                ['open', 'scale', 'crop', 'encode'].map((one) => import(`/js/fit/${one}.js`)));
            const rules = { min: 10000, max: 20480, width: 178, height: 220, dpi: 96 };
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const all = [];

            for (let i = 0; i < 5; i += 1) {
                const begun = performance.now();
                const one = new File([bytes], 'IMG_2041.jpg');
                const picture = await openPicture(one, await headerOf(one), rules);
                const steps = new Steps(picture);

                await encode(steps.cut(new Crop(picture, rules).part, 178, 220), rules, null);
                steps.release();
                all.push(Math.round(performance.now() - begun));
            }

            return all.sort((a, b) => a - b);
        }, camera.toString('base64'));

        comment(`12 megapixels from file to JPEG: ${times[2]} ms (${times.join(', ')})`);
        await english.leave();
    });
};
