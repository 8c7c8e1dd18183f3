'use strict';

/* 1.2-4 to 1.2-7: no photo, photo unreadable, the rules, source, the helper. */

const { canvas, readJpeg, scene, withExif, withDensity } = require('../../web/lib/pictures.js');

const NUMBER = '330000010002';

async function choose(phone, picture, source = '从手机相册选择') {
    phone.picture = picture;
    await phone.top.locator('.choose').click();
    await phone.top.locator('.option').filter({ hasText: source }).click();
}

async function toUpload(phone) {
    await phone.tap('会员电子证书');
    await phone.prompted();
    await phone.press('确定');
    await phone.tap('上传照片');
    await phone.at('upload');
    await phone.top.locator('.choose').waitFor();
}

const fitted = (phone) => phone.top.locator('.verdict.good, .verdict.warn').waitFor();

module.exports = async ({ assert, demo, test, wechat }) => {
    const phone = await wechat.phone();
    const { page } = phone;

    await test('S19 S21 no photo: 没有查询到照片信息, 【确定】, and 【上传照片】 is in view', async () => {
        await phone.enter(NUMBER);
        await phone.shot('1.2-3-home');
        await phone.tap('会员电子证书');

        const words = await phone.prompted();

        assert.match(words, /没有查询到照片信息/);
        assert.doesNotMatch(words, /获取照片信息失败/);
        assert.match(words, /咨询电话/);
        await phone.shot('1.2-4-prompt-none');
        await phone.press('确定');
        assert.equal(await phone.dialog().count(), 0);
        assert.ok(await phone.button('上传照片').first().isVisible());
        assert.match(await phone.words(), /暂无照片/);
        await phone.shot('1.2-5-no-photo');
    });

    await test('S27-S32 the rules in the manual\'s words stand on the upload page', async () => {
        await phone.tap('上传照片');
        await phone.at('upload');
        await phone.top.locator('.choose').waitFor();

        const words = await phone.words();

        for (const rule of ['照片为本人近1年内1寸免冠白底证件照片，要求清晰、完整；',
            '照片为jpg格式，占用磁盘容量大小在10-20K之间，照片像素：178像素×220像素，分辨率至少满足每英寸96×96点；',
            '禁止上传生活照、全身照等不符合要求的照片。']) {
            assert.ok(words.includes(rule), rule);
        }

        await phone.shot('1.2-6-upload');
    });

    await test('S23 the source: 拍照, 从手机相册选择, 取消', async () => {
        await phone.top.locator('.choose').click();
        assert.match(await phone.words(), /拍照[\s\S]*从手机相册选择[\s\S]*取消/);
        await phone.shot('1.2-7-source');
        await phone.top.locator('.option.last').click();
        assert.equal(phone.asked.length, 0);
        await choose(phone, null, '拍照');
        await page.waitForTimeout(100);
        assert.deepEqual(phone.asked.at(-1).sourceType, ['camera']);
        assert.equal(await phone.dialog().count(), 0);
    });

    await test('I09 S28-S31 all faults at once, with measured and allowed', async () => {
        await choose(phone, await canvas(page, demo.portrait(11), 'image/jpeg', 300, 400));
        await phone.top.locator('.rt-broken').first().waitFor();
        assert.deepEqual(phone.asked.at(-1).sourceType, ['album']);

        const words = await phone.words();

        assert.match(words, /原照片有 \d 处不符合要求/);
        assert.match(words, /照片像素为 300×400，要求 178×220/);
        assert.match(words, /要求 10000–20480 字节/);
        await fitted(phone);
    });

    await test('I10 a phone\'s picture is cut to 178x220, 10-20 K and 96 dpi, and passes the check', async () => {
        const big = await scene(page, demo.portrait(11), { width: 1500, height: 2000 });

        await choose(phone, big);
        await page.waitForTimeout(300);
        await fitted(phone);
        assert.match(await phone.words(), /照片已通过检查|照片可以上传/);
        await phone.shot('1.2-6-helper', true);

        const put = phone.requests(/^PUT photo\?dry_run=1/).at(-1);
        const sent = Buffer.from(put.body, 'base64');
        const found = readJpeg(sent);

        assert.deepEqual([found.width, found.height, found.dpi], [178, 220, 96]);
        assert.ok(sent.length >= 10240 && sent.length <= 20000, `${sent.length} bytes`);
        assert.equal(put.status, 200);
        assert.equal(put.header['Content-Type'], 'image/jpeg');
    });

    await test('I10 moved, zoomed, turned: each result is made and checked anew', async () => {
        const checks = () => phone.requests(/^PUT photo\?dry_run=1/).length;

        for (const tool of ['放大', '右移', '下移', '缩小', '向右转 90 度', '复位']) {
            const before = checks();

            await phone.top.locator(`[aria-label="${tool}"], .stg-tool:has-text("${tool}")`).first().click();

            for (let i = 0; checks() === before && i < 100; i += 1) {
                await page.waitForTimeout(50);
            }

            assert.ok(checks() > before, tool);
        }
    });

    await test('I10 a picture lying on its side stands upright; the date it was taken stays', async () => {
        const lying = withExif(await scene(page, demo.portrait(11), { width: 900, height: 1200, turn: true }),
            { orientation: 6, date: new Date().toISOString().slice(0, 10).replace(/-/g, ':') + ' 10:00:00' });

        await choose(phone, lying);
        await page.waitForTimeout(500);
        await fitted(phone);

        const sent = Buffer.from(phone.requests(/^PUT photo\?dry_run=1/).at(-1).body, 'base64');

        assert.ok(sent.includes(Buffer.from('Exif\0\0')));
        assert.equal(readJpeg(sent).height, 220);
    });

    await test('I10 what cannot be used is refused with the reason', async () => {
        await choose(phone, Buffer.from('no picture at all'));
        await phone.top.locator('.said.bad').waitFor();
        assert.match(await phone.words(), /这张照片不能使用，请重新选择。 无法打开这种文件/);
        await choose(phone, await canvas(page, demo.portrait(11), 'image/png', 90, 110));
        await page.waitForFunction(() => /90×110/.test(document.querySelector('page:not([hidden])').innerText));
        assert.match(await phone.words(), /放大不会增加清晰度/);
    });

    await test('S29 a photo that meets the rules goes as it is; declaration and consent are asked for', async () => {
        await choose(phone, demo.portrait(11));
        await phone.text('照片符合要求，将原样上传。请阅读并勾选下面的声明。').waitFor();
        await phone.top.locator('.send').click();
        assert.match(await phone.prompted(), /请先勾选照片声明/);
        await phone.press('确定');
        await phone.top.locator('.declare [role=checkbox]').click();
        await phone.top.locator('.send').click();
        assert.match(await phone.prompted(), /请先阅读并同意隐私政策/);
        await phone.press('确定');
        assert.equal(phone.requests(/^PUT photo\?declare/).length, 0);
        await phone.tap('阅读隐私政策');
        await phone.at('privacy');
        await phone.text('一、我们处理哪些信息').waitFor();
        assert.match(await phone.words(), /版本：2026-11/);
        await phone.shot('privacy');
        await phone.back();
        await phone.at('upload');
        await phone.shot('1.2-6-upload-ready', true);
    });

    await test('S24 the upload is taken; then the comparison runs, apart from it', async () => {
        await phone.top.locator('.consent [role=checkbox]').click();
        await phone.top.locator('.send').dblclick();
        await phone.at('certificate');
        await phone.text('已转人工核验，所属注协将在2个工作日内处理').waitFor();
        assert.equal(phone.requests(/^PUT photo\?declare/).length, 1);
        assert.ok(Buffer.from(phone.requests(/^PUT photo\?declare/)[0].body, 'base64').equals(demo.portrait(11)));
        assert.match(await phone.words(), /照片核验中/);
        assert.equal(await phone.dialog().count(), 0);
        await phone.shot('1.2-5-review', true);
        await phone.leave();
    });

    await test('S20 a photo that cannot be read: 获取照片信息失败, and the same next step', async () => {
        const other = await wechat.phone();

        await other.enter('310000010003');
        await other.tap('会员电子证书');

        const words = await other.prompted();

        assert.match(words, /获取照片信息失败/);
        assert.doesNotMatch(words, /没有查询到照片信息/);
        await other.shot('1.2-4-prompt-failed');
        await other.press('确定');
        assert.ok(await other.button('上传照片').first().isVisible());
        await other.leave();
    });

    await test('S20 the store fails only when the picture is asked for: the same words', async () => {
        const other = await wechat.phone();

        other.on(/^GET photo$/, { status: 503, json: { code: 'photo_unavailable', detail: '获取照片信息失败' } });
        await other.enter('330000010001');
        await other.tap('会员电子证书');
        assert.match(await other.prompted(), /获取照片信息失败/);
        await other.press('确定');
        await other.leave();
    });
};

module.exports.choose = choose;
module.exports.toUpload = toUpload;
