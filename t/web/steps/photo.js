'use strict';

/* 2.2-2: no photo, the rules, what breaks them, the upload. */

const fs = require('node:fs');

const { canvas, file, withComment, withDensity } = require('../lib/pictures.js');

const NUMBER = '330000010002';

module.exports = async ({ assert, browser, demo, test }) => {
    const member = await browser.member();
    const { page } = member;
    const good = fs.readFileSync(demo.file('photo.jpg'));
    const jpeg = (name, bytes) => file(name, 'image/jpeg', bytes);
    const send = () => member.dialog().getByRole('button', { name: '上传照片' }).click();

    /*
     * Chooses a file; answers rule -> met | broken | open, and the words.
     * Where the helper opened, they stand in what can be unfolded.
     */
    async function choose(picture) {
        await page.locator('dialog input[type=file]').setInputFiles(picture);
        await page.locator('dialog .verdict, dialog .fit-verdict.good').first().waitFor();

        for (const summary of await page.locator('dialog .original summary').all()) {
            await summary.click();
        }

        const rows = await page.locator('dialog [data-rule]').evaluateAll((all) =>
            all.map((row) => [row.dataset.rule, row.className]));

        return { rules: Object.fromEntries(rows), words: await member.text('dialog .check-table') };
    }

    await member.watchPut();

    await test('S22 without a photo: an empty place and 【上传照片】, no prompt', async () => {
        await member.enter(NUMBER);
        assert.match(await member.text('.photo'), /暂无照片/);
        await page.locator('#upload').waitFor();
        assert.equal(await page.locator('#upload').innerText(), '上传照片');
        assert.equal(await member.dialog().count(), 0);
        await member.shot('photo-none');
    });

    await test('S24 S21 without a photo the button says so; 【确定】 leaves 【上传照片】 in view',
        async () => {
            await member.confirmButton().click();
            await member.dialog().waitFor();
            assert.match(await member.text('dialog[open]'), /没有查询到照片信息/);
            await member.pressInDialog('确定');
            await page.waitForFunction(() => document.activeElement.id === 'upload');
        });

    await test('S27 S28 S29 S30 S31 S32 the rules stand on the page in the words of the manual',
        async () => {
            const words = (await member.text()).replace(/\s/g, '');

            for (const rule of [
                '照片为本人近1年内1寸免冠白底证件照片，要求清晰、完整；',
                '照片为jpg格式，占用磁盘容量大小在10-20K之间，照片像素：178像素×220像素，'
                    + '分辨率至少满足每英寸96×96点；',
                '禁止上传生活照、全身照等不符合要求的照片。'
            ]) {
                assert.ok(words.includes(rule), rule);
            }
        });

    await test('I09 S29 S30 S31 all faults are told at once, measured and allowed', async () => {
        await page.locator('#upload').click();

        const { rules, words } = await choose(jpeg('small.jpg',
            withDensity(await canvas(page, good, 'image/jpeg', 200, 300), 72)));

        assert.deepEqual(rules,
            { kind: 'met', size: 'broken', pixels: 'broken', dpi: 'broken', other: 'met' });
        assert.match(words, /照片大小为 \d+ 字节，要求 10000–20480 字节/);
        assert.match(words, /照片像素为 200×300，要求 178×220/);
        assert.match(words, /分辨率为每英寸 72 点，要求不低于 96/);
        assert.match(await member.text('dialog .original summary'), /原照片有 3 处不符合要求/);
        await member.shot('photo-faults', false);
    });

    await test('S24 I10 a picture of 60 pixels is refused with the reason, and not uploaded', async () => {
        await choose(jpeg('thumb.jpg', await canvas(page, good, 'image/jpeg', 60, 74)));
        assert.match(await member.text('dialog .unfit'),
            /照片为 60×74 像素，按比例裁剪后只有 \d+×\d+，不足 178×220。放大不会增加清晰度/);
        await member.shot('helper-too-small', false);
        await send();
        assert.match(await member.text('dialog .said'), /请先选择照片文件/);
        assert.deepEqual(demo.waitingPhotos(), []);
    });

    await test('S28 a PNG named .jpg is told by its bytes', async () => {
        const { rules, words } = await choose(jpeg('photo.jpg',
            await canvas(page, good, 'image/png', 178, 220)));

        assert.equal(rules.kind, 'broken');
        assert.equal(rules.pixels, 'met');
        assert.equal(rules.dpi, 'open');
        assert.match(words, /文件是 PNG.*，要求 jpg 格式/);
    });

    await test('S29 a file of 24 K is too large, one of 3 MB is not even sent', async () => {
        const slightly = await choose(jpeg('large.jpg', withComment(good, 24000 - good.length)));

        assert.equal(slightly.rules.size, 'broken');


        const { rules, words } = await choose(jpeg('camera.jpg',
            Buffer.concat([good, Buffer.alloc(3000000)])));

        assert.equal(rules.size, 'broken');
        assert.match(words, /照片大小为 30\d{5} 字节，要求 10000–20480 字节/);
        assert.ok((await member.puts()).every(({ bytes }) => bytes.length < 30000));
    });

    await test('S28 S29 S30 S31 a right picture meets every rule', async () => {
        const { rules } = await choose(jpeg('photo.jpg', good));

        assert.deepEqual(rules,
            { kind: 'met', size: 'met', pixels: 'met', dpi: 'met', other: 'met' });
        await member.shot('photo-good', false);
    });

    await test('S24 a dropped file is checked like a chosen one', async () => {
        const transfer = await page.evaluateHandle((base64) => {
            const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
            const data = new DataTransfer();

            data.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));

            return data;
        }, good.toString('base64'));
        const [answer] = await Promise.all([
            page.waitForResponse((one) => one.url().endsWith('/api/photo?dry_run=1')),
            page.locator('dialog .drop').dispatchEvent('drop', { dataTransfer: transfer })
        ]);

        assert.equal(answer.status(), 200);
        await page.locator('dialog .verdict.good').waitFor();
    });

    await test('S27 the declaration has to be ticked, then the privacy notice', async () => {
        const tick = (words) => member.dialog().getByLabel(words).check();

        await send();
        assert.match(await member.text('dialog .said'), /请先勾选照片声明/);
        await tick('本人确认照片为本人近1年内免冠证件照');
        await send();
        assert.match(await member.text('dialog .said'), /请先阅读并同意隐私政策/);
        assert.equal(await member.dialog().getByRole('link', { name: '隐私政策' })
            .getAttribute('href'), '/privacy.html');
        await tick(/我已阅读并同意/);
        assert.deepEqual(demo.waitingPhotos(), []);
    });

    await test('S24 S25 uploaded, the photo goes to the officer; the download stays shut', async () => {
        await send();
        await page.locator('.photo-state.info').waitFor();
        assert.match(await member.text('.photo-state'), /已转人工核验，所属注协将在2个工作日内处理/);
        assert.equal(demo.waitingPhotos().length, 1);
        await member.shot('photo-review');
        await member.confirmButton().click();
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /已转人工核验/);
        await member.pressInDialog('确定');
    });

    await test('S27 the privacy notice is not asked for twice', async () => {
        await page.locator('#upload').click();
        await member.dialog().waitFor();
        assert.equal(await member.dialog().getByLabel(/我已阅读并同意/).count(), 0);
        assert.equal(await member.dialog().getByRole('radio').count(), 0);
        await page.keyboard.press('Escape');
        await page.waitForFunction(() => document.activeElement.id === 'upload');
        await member.leave();
    });

    await test('S20 S19 a photo that cannot be read: other words than for none, no prompt', async () => {
        const other = await browser.member();

        await other.enter('310000010003');
        assert.match(await other.text('.photo'), /获取照片信息失败/);
        assert.equal(await other.dialog().count(), 0);
        assert.equal(await other.page.locator('#upload').innerText(), '上传照片');
        await other.confirmButton().click();
        await other.dialog().waitFor();
        assert.match(await other.text('dialog[open]'), /获取照片信息失败/);
        assert.match(await other.text('dialog[open]'), /咨询电话：010-88250337/);
        await other.leave();
    });
};
