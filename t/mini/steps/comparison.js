'use strict';

/* 1.2-8, 1.2-9: the institute decides while the page is open, hidden, or closed. */

const { choose } = require('./photo.js');

const NUMBER = '330000010002';

async function upload(phone, picture) {
    await phone.tap('上传照片');
    await phone.at('upload');
    await phone.top.locator('.choose').waitFor();
    await choose(phone, picture);
    await phone.top.locator('.declare [role=checkbox]').click();
    await phone.top.locator('.send').click();
    await phone.at('certificate');
    await phone.top.locator('.state.info').waitFor();
}

module.exports = async ({ assert, demo, test, wechat }) => {
    const phone = await wechat.phone();

    await test('S26 X01 rejected while away: 比对失败 with the count of tries, once', async () => {
        demo.ctl('photo', 'reject', demo.waitingPhotos()[0], '--reason', '照片背景不是白色');
        await phone.enter(NUMBER);
        await phone.tap('会员电子证书');

        const words = await phone.prompted();

        assert.match(words, /^比对失败/);
        assert.match(words, /比对失败，照片与留存信息不一致。第 1 次，共 5 次。请重新上传，或联系所属注协核验。/);
        assert.match(words, /照片背景不是白色/);
        assert.match(words, /010-88250337/);
        await phone.shot('1.2-9-failed');
        await phone.press('确定');
        assert.match(await phone.words(), /第 1 次，共 5 次/);
        await phone.back();
        await phone.tap('会员电子证书');
        await phone.text('请核对以上信息').waitFor();
        assert.doesNotMatch((await phone.dialog().count()) ? await phone.dialog().innerText() : '', /比对失败/);

        if (await phone.dialog().count()) {
            await phone.press('确定');
        }
    });

    await test('S24 S25 approved while the page is open: 比对成功, the new photo is shown', async () => {
        await upload(phone, demo.portrait(13));
        demo.ctl('photo', 'approve', demo.waitingPhotos()[0]);

        const words = await phone.prompted();

        assert.match(words, /^比对成功/);
        await phone.shot('1.2-8-succeeded');
        await phone.press('确定');
        await phone.page.waitForFunction(() =>
            document.querySelector('page:not([hidden]) img[src^="blob:"]'));
    });

    await test('S24 S16 now the certificate can be downloaded', async () => {
        await phone.tap('信息确认并下载会员证');
        await phone.text('会员证已下载：会员证-周文博.pdf').waitFor();
        assert.equal(phone.documents.at(-1).data.subarray(0, 5).toString(), '%PDF-');
        assert.ok(phone.documents.at(-1).data.includes('/DCTDecode'));
    });

    await test('S26 in the background when it is rejected: told on return, the old photo stays', async () => {
        await phone.tap('更换照片');
        await phone.at('upload');
        await phone.top.locator('.choose').waitFor();
        await choose(phone, demo.portrait(15));
        await phone.top.locator('.declare [role=checkbox]').click();
        await phone.top.locator('.send').click();
        await phone.at('certificate');
        await phone.top.locator('.state.info').waitFor();
        await phone.page.evaluate(() => background());

        const asked = phone.requests(/^GET photo\/state/).length;

        demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
        await phone.page.waitForTimeout(6000);
        assert.equal(phone.requests(/^GET photo\/state/).length, asked, 'nothing is asked meanwhile');
        await phone.page.evaluate(() => foreground());
        assert.match(await phone.prompted(), /^比对失败/);
        await phone.press('确定');
        await phone.page.waitForFunction(() =>
            document.querySelector('page:not([hidden]) img[src^="blob:"]')?.naturalWidth === 178);
        await phone.leave();
    });
};
