'use strict';

/* 2.2-3: the officer decides; 比对失败, a new photo, 比对成功, the file. */

const { file } = require('../lib/pictures.js');
const { download, squeezed } = require('./certificate.js');

const NUMBER = '330000010002';

async function upload(member, bytes) {
    await member.page.locator('#upload').click();
    await member.page.locator('dialog input[type=file]')
        .setInputFiles(file('photo.jpg', 'image/jpeg', bytes));
    await member.page.locator('dialog .verdict.good').waitFor();
    await member.dialog().getByLabel('本人确认照片为本人近1年内免冠证件照').check();
    await member.dialog().getByRole('button', { name: '上传照片' }).click();
    await member.page.locator('.photo-state.info').waitFor();
}

module.exports = async ({ assert, browser, demo, test }) => {
    const member = await browser.member();
    const { page } = member;

    await test('S26 X01 rejected: 比对失败 with the count of tries, once, on the page as well',
        async () => {
            demo.ctl('photo', 'reject', demo.waitingPhotos()[0], '--reason', '照片背景不是白色');
            await member.enter(NUMBER);
            await member.dialog().waitFor();

            const words = await member.text('dialog[open]');

            assert.match(words, /比对失败，照片与留存信息不一致。第 1 次，共 5 次。请重新上传，或联系所属注协核验。/);
            assert.match(words, /照片背景不是白色/);
            assert.match(words, /010-88250337/);
            await member.shot('compare-failed', false);
            await member.pressInDialog('确定');
            assert.match(await member.text('.photo-state'), /第 1 次，共 5 次/);
            await page.reload();
            await member.confirmButton().waitFor();
            await page.locator('.photo-state.bad').waitFor();
            assert.equal(await member.dialog().count(), 0);
        });

    await test('S24 S25 approved while the page is open: 比对成功 · 【确定】, the new photo is shown',
        async () => {
            await upload(member, demo.portrait(13));
            assert.equal(await page.locator('.photo img').count(), 0);
            demo.ctl('photo', 'approve', demo.waitingPhotos()[0]);
            await member.dialog().waitFor();
            assert.match(await member.text('dialog[open]'), /比对成功/);
            await member.shot('compare-matched', false);
            await member.pressInDialog('确定');
            await page.locator('.photo img').waitFor();
            assert.match(page.url(), /#\/certificate$/);
        });

    await test('S24 S16 now 【信息确认并下载会员证】 gives the file', async () => {
        const result = await download(member);

        assert.ok(squeezed(result.text).includes('周文博'));
        assert.ok(result.bytes.includes('/DCTDecode'));
    });

    await test('S26 I13 a later photo that is rejected leaves photo and certificate as they were',
        async () => {
            await upload(member, demo.portrait(15));
            await page.locator('.photo img').waitFor();
            demo.ctl('photo', 'reject', demo.waitingPhotos()[0]);
            await member.dialog().waitFor();
            assert.match(await member.text('dialog[open]'), /比对失败/);
            await member.pressInDialog('确定');
            await page.locator('.photo img').waitFor();

            const result = await download(member);

            assert.ok(squeezed(result.text).includes('周文博'));
            await member.leave();
        });
};
